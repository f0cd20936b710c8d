"""The contract tests of the ports: whoever writes an adapter inherits them in a test module of their own. They need pytest."""
