"""SOAP registrations and reads as one REST call each; sees only the wire, as the epic's SOAP-to-REST converter does."""

from vos_reference.converter.laesning import LaeseConverter
from vos_reference.converter.registrering import Converter

__all__ = ["Converter", "LaeseConverter"]
