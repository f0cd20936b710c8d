"""What a run leaves for people: one self-contained HTML page."""

from generalproeve.rapport.side import skriv_html

__all__ = ["skriv_html"]
