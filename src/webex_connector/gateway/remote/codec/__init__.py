"""
The binary format of connector servers, both directions. Pure: bytes to values and back, no network.

Sources: `framework/impl/serializer` in ConnId and in OpenICF, which agree on magic number, version and type names.
"""
