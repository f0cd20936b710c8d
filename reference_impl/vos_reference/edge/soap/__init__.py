"""The SOAP edge and its two backends, classic and converter; formats only."""
