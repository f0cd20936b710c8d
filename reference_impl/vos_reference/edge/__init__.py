"""The edge: REST, SOAP and the control API. It translates formats; business rules belong in `domain` and `application`."""
