"""
Floor 5: the doors. One wing for each interface, none knows another; beside them stand who may enter and what every
HTTP door shares.
"""
