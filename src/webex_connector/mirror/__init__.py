"""
Floor 4: what stands beside a connector's objects, behind the same operations: attributes that the target cannot hold,
and copies of the objects that reads are answered from.
"""
