"""A decision becomes an HTTP answer: the only place."""

from __future__ import annotations

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.wire.base import Svar
from vos_contracts.wire.rest import Rest
from vos_reference.application.laes import Laesning, Laest
from vos_reference.application.registration import KALD_HUSKES, GentagetKald
from vos_reference.domain.decision import Afvist, Udfoert

GENTAGET = Fejl(VALIDERER_IKKE, f"request-id er allerede modtaget inden for {KALD_HUSKES.days} dage; intet er ændret")


def paa_registrering(rest: Rest, resultat: Udfoert | Afvist | GentagetKald) -> Svar:
    """Answer a registration: its id, the errors, or 412."""
    match resultat:
        case Udfoert():
            return rest.skriv_id(resultat.id)
        case Afvist():
            return rest.skriv_fejl(resultat.fejl)
        case GentagetKald():
            return rest.skriv_fejl((GENTAGET,), 412)


def paa_laesning(rest: Rest, laesning: Laesning, resultat: Laest | Afvist) -> Svar:
    """Answer a read: a list, or the one that was asked for."""
    if isinstance(resultat, Afvist):
        return rest.skriv_fejl(resultat.fejl)
    if laesning is Laesning.EN:
        return rest.skriv_visning(resultat.viste[0].visning())
    return rest.skriv_visninger(vist.visning() for vist in resultat.viste)
