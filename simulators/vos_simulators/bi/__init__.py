"""BI: deliveries of registrations and citizens as files, pseudonymised or not (epic AC 1005.17.28.4 and .6)."""
