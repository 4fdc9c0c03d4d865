"""
The other end of the connector protocol: asks a connector server, ours or one in Java, as a platform does.

It stands in this room because it speaks with the codec of this room, and is used by `webex-connector remote probe` and by
the contract checks. What it offers is the model's: a connector like any other.
"""
