"""
One file for each Webex resource; none of them knows another.
"""
