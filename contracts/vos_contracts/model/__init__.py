"""The values that two systems exchange, as plain frozen dataclasses: no format, no validation, no I/O."""
