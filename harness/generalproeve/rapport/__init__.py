"""What a run leaves: one self-contained HTML page for people, JUnit XML for CI."""

from generalproeve.rapport.junit import skriv_junit
from generalproeve.rapport.side import skriv_html

__all__ = ["skriv_html", "skriv_junit"]
