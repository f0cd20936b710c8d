"""The one line that brings the stage, the cast and the steps."""

pytest_plugins = ["generalproeve.pytest_plugin"]
