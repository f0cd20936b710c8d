"""Background work of a running stage, in the event loop of its calls: delivery, relay, clockwork, group commit, checkpoint.

Locks, tasks and threads live here. The work itself is in `vos_reference.application`, formats are in `edge`.
"""
