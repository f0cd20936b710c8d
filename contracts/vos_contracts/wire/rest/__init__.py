"""The REST services on the wire: registration, reading, subscriptions, identity headers."""
