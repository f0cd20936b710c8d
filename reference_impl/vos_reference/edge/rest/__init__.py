"""The REST edge: translates between HTTP and the application; formats only."""
