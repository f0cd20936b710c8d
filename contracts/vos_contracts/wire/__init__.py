"""Pure codecs for both roles, service and caller: bytes to values and values to bytes, without I/O.

A breach by the other side raises `RemoteWireError`, a misuse by our own code `LocalWireError` (`vos_contracts.wire.base`).
"""
