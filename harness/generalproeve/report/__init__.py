"""What a run leaves for people and for CI: an HTML page, JUnit XML, a journal, and the comparison of two runs."""

from generalproeve.report.html_report import write_html
from generalproeve.report.junit import write_junit

__all__ = ["write_html", "write_junit"]
