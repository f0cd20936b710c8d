"""Loads the fixtures and the steps."""

pytest_plugins = ["generalproeve.pytest_plugin"]
