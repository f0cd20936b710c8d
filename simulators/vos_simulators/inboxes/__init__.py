"""Receivers: the WSRM poller and the webhook of a party, and the business domains."""
