"""
The connector protocol of OpenICF 1.5: the same operations and values over WebSocket, in messages of Protocol Buffers.
"""
