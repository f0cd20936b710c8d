"""SOAP registrations and reads straight to the application, as before the change (release 2024-3)."""

from vos_reference.edge.soap.classic.reading import ClassicReading
from vos_reference.edge.soap.classic.registration import Classic

__all__ = ["Classic", "ClassicReading"]
