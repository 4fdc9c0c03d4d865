"""
The thin API: each file answers for one resource by asking the rules; none knows another.
"""
