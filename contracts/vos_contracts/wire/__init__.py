"""Pure codecs, for both roles: bytes to values and values to bytes, no I/O.

A breach by the other side is `RemoteWireError`, a misuse by our own code `LocalWireError` (`vos_contracts.wire.base`).
"""
