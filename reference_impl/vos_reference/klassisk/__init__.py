"""SOAP registrations and reads straight to the application, as before the change (release 2024-3)."""

from vos_reference.klassisk.laesning import KlassiskLaesning
from vos_reference.klassisk.registrering import Klassisk

__all__ = ["Klassisk", "KlassiskLaesning"]
