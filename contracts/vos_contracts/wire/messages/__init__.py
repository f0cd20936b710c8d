"""Messages on the wire: WSRM, webservice messages (WSB) and domain events."""
