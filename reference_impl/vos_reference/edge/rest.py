"""PersonVisiteringService v1: the routes, and from wire to application and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from starlette.routing import BaseRoute, Route

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.model.registration import Art, Opret, Registreringskommando, Slet
from vos_contracts.wire.asgi import AsgiEndepunkt, Endepunkt, Metodevalg
from vos_contracts.wire.base import Kald, RemoteWireError, Svar, samlet
from vos_contracts.wire.body import Kropsgraenser
from vos_contracts.wire.rest import JSON, Rest
from vos_reference.application.drift import Drift
from vos_reference.application.laes import Laesning, Laest, laes
from vos_reference.application.registration import KALD_HUSKES, GentagetKald, Registreringskald, Resultat
from vos_reference.domain.decision import Afvist, Kalder, Udfoert

GENTAGET = Fejl(VALIDERER_IKKE, f"request-id er allerede modtaget inden for {KALD_HUSKES.days} dage; intet er ændret")


class RestEdge:
    """The service's operations as endpoints; `register` carries out a registration and returns after its commit."""

    def __init__(self, drift: Drift, rest: Rest, register: Callable[[Registreringskald], Awaitable[Resultat]]) -> None:
        self._drift = drift
        self._rest = rest
        self._register = register

    def ruter(self, graenser: Kropsgraenser) -> Sequence[BaseRoute]:
        """Return the routes, the fixed segment `historik` before the identifier."""

        def rute(sti: str, metoder: dict[str, Endepunkt]) -> Route:
            apps = {
                metode: AsgiEndepunkt(endepunkt, self._rest.skriv_fejl, graenser)
                for metode, endepunkt in metoder.items()
            }
            return Route(sti, endpoint=Metodevalg(apps, self._rest.skriv_fejl))

        ruter: list[BaseRoute] = []
        for art, sti in self._rest.stier.items():
            ruter += [
                rute(sti, {"POST": partial(self._opret, art), "GET": partial(self._laes, art, Laesning.AKTUELLE)}),
                rute(f"{sti}/{self._rest.historik}", {"GET": partial(self._laes, art, Laesning.HISTORIK)}),
                rute(
                    f"{sti}/{{id}}",
                    {
                        "POST": partial(self._opret, art),
                        "PUT": partial(self._opdater, art),
                        "DELETE": partial(self._slet, art),
                        "GET": partial(self._laes, art, Laesning.EN),
                    },
                ),
            ]
        return ruter

    async def _opret(self, art: Art, kald: Kald, sti: dict[str, str]) -> Svar:
        kun_json(kald)
        rest = self._rest

        def laes_kommando() -> Opret:
            return rest.laes_opret(art, kald.krop, rest.laes_id(sti["id"], art) if "id" in sti else None)

        return await self._registrer(kald, laes_kommando)

    async def _opdater(self, art: Art, kald: Kald, sti: dict[str, str]) -> Svar:
        kun_json(kald)
        rest = self._rest
        return await self._registrer(kald, lambda: rest.laes_opdater(art, kald.krop, rest.laes_id(sti["id"], art)))

    async def _slet(self, art: Art, kald: Kald, sti: dict[str, str]) -> Svar:
        return await self._registrer(kald, lambda: Slet(art, self._rest.laes_id(sti["id"], art)))

    async def _registrer(self, kald: Kald, laes_kommando: Callable[[], Registreringskommando]) -> Svar:
        """Identity first, before anything else is read; then every breach of the call at once."""
        headers = self._rest.headers
        kalder = Kalder(headers.laes_identitet(kald.headers))
        cpr, kald_id, kommando = samlet(
            partial(headers.laes_cpr, kald.headers), partial(headers.laes_kald_id, kald.headers), laes_kommando
        )
        resultat = await self._register(Registreringskald(cpr, kommando, kalder, kald_id))
        return answer_registration(self._rest, resultat)

    async def _laes(self, art: Art, laesning: Laesning, kald: Kald, sti: dict[str, str]) -> Svar:
        headers = self._rest.headers
        laeser = headers.laes_identitet(kald.headers)
        cpr, id_ = samlet(
            partial(headers.laes_cpr, kald.headers),
            lambda: self._rest.laes_id(sti["id"], art) if laesning is Laesning.EN else "",
        )
        return answer_reading(self._rest, laesning, laes(self._drift, cpr, art, laesning, laeser, id_))


def kun_json(kald: Kald) -> None:
    """Refuse another content type; errors: RemoteWireError with status 415."""
    medietype = kald.headers.get("content-type", "").partition(";")[0].strip().lower()
    if medietype != JSON:
        raise RemoteWireError(Fejl(VALIDERER_IKKE, f"content-type: skal være {JSON}"), status=415)


def answer_registration(rest: Rest, resultat: Udfoert | Afvist | GentagetKald) -> Svar:
    """Answer a registration: its id, the errors, or 412."""
    match resultat:
        case Udfoert():
            return rest.skriv_id(resultat.id)
        case Afvist():
            return rest.skriv_fejl(resultat.fejl)
        case GentagetKald():
            return rest.skriv_fejl((GENTAGET,), 412)


def answer_reading(rest: Rest, laesning: Laesning, resultat: Laest | Afvist) -> Svar:
    """Answer a read: a list, or the one that was asked for."""
    if isinstance(resultat, Afvist):
        return rest.skriv_fejl(resultat.fejl)
    if laesning is Laesning.EN:
        return rest.skriv_visning(resultat.viste[0].visning())
    return rest.skriv_visninger(vist.visning() for vist in resultat.viste)
