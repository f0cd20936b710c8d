"""What a running stage does beside its calls, in their event loop: delivery, relay, clockwork, group commit, checkpoint.

Locks, tasks and threads are here. Not here: what is done (`vos_reference.application`), or any format (`edge`).
"""
