"""A load run as the harness sees it: the stage, the citizens, the Locust process, and the figures on a console."""
