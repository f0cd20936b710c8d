"""The SOAP services on the wire: envelope, faults, identity headers, one module per group of operations."""
