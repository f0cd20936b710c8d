"""Settings: one typed table that gives TOML keys, flags, checks and a JSON Schema; profiles and targets."""
