"""The contract tests of the ports; the test module of an adapter inherits them. They need pytest."""
