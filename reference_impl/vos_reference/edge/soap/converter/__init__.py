"""SOAP registrations and reads as one REST call each; sees only the wire, as the epic's SOAP-to-REST converter does."""

from vos_reference.edge.soap.converter.reading import ReadConverter
from vos_reference.edge.soap.converter.registration import Converter

__all__ = ["Converter", "ReadConverter"]
