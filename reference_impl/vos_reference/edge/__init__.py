"""Where calls come in: REST, SOAP and the control API. Formats only; if a rule needs an `if` here, it is in the wrong room."""
