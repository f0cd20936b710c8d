"""What two systems tell each other, as plain frozen dataclasses: no format, no validation, no I/O."""
