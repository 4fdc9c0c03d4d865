"""
A simulated Webex organisation over real HTTP: the world and its rules, a thin API, faults, limits, trace and control.

It shares no code with the client it is used to test, so it cannot share its mistakes.
"""
