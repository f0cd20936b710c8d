"""What a run leaves: one self-contained HTML page for people, JUnit XML for CI."""

from generalproeve.report.html import write_html
from generalproeve.report.junit import write_junit

__all__ = ["write_html", "write_junit"]
