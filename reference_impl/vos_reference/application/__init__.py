"""The use cases: load from the store, let the domain decide, save, and queue the messages. Business rules are in `domain`."""
