"""BI deliveries: registrations and citizens as files, optionally pseudonymised (epic AC 1005.17.28.4 and .6)."""
