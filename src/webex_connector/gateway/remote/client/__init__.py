"""
The other end of the connector protocol: asks a connector server, ours or one in Java, as a platform does.

It stands in this room because it speaks with the codec of this room. `webex-connector remote probe` uses it, and the
contract checks go through it. What it offers is the model's: a connector like any other.
"""
