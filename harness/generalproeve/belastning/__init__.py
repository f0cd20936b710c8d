"""A load run as the harness sees it: a stage in a process of its own, citizens on it, and the process that makes the calls."""
