"""Settings: one typed table of what can be set, and how the file, the flags and the targets are read by it."""
