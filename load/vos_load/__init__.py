"""Load profiles: Locust users and the comparison report. A leaf: importing Locust patches the process."""
