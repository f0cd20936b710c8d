"""The SOAP edge and its two back ends, classic and converter: formats only."""
