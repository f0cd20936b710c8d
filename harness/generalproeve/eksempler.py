"""Example calls on a running stage, as `curl` commands that work when pasted."""

from __future__ import annotations

from datetime import datetime

from generalproeve.scene import Scene
from vos_contracts.model.identity import Bruger, Identitet
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire import soap as konvolut
from vos_contracts.wire import soap_registrering
from vos_contracts.wire.base import Kald
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_skema import tjenester
from vos_simulators.parties import AKASSE, JOBCENTER
from vos_simulators.people import Borger

TLS = ' --cacert "$CA" --cert "$CERT" --key "$KEY"'
"""What a call over TLS takes besides: whom you trust, and who you are."""
__all__ = ["AKASSE", "JOBCENTER", "rest", "soap"]


def _sagsbehandler(now: datetime) -> Identitet:
    return Identitet(JOBCENTER, Bruger("Eksempel Sagsbehandler", 2, "eksempel"), JOBCENTER, now)


def _opret(now: datetime) -> Opret:
    return Opret(Art.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))


def _curl(url: str, kald: Kald) -> str:
    headers = "".join(f" \\\n  -H '{navn}: {vaerdi}'" for navn, vaerdi in kald.headers.items())
    tls = TLS if url.startswith("https:") else ""
    data = f"--data-binary @- <<'EOF'\n{kald.krop.decode()}\nEOF"
    return f"curl -sS{tls} -X {kald.metode} '{url}{kald.sti}'{headers} \\\n  {data}"


def rest(scene: Scene, borger: Borger, now: datetime) -> str:
    """Write a `curl` that registers by REST; a second time the same request id is answered with 412."""
    kald_id = f"eksempel-{borger.cpr[-4:]}-{now:%Y%m%d%H%M%S}"
    return _curl(
        scene.tjenester, Rest(scene.kontrakt).kald_registrer(borger.cpr, _opret(now), _sagsbehandler(now), kald_id)
    )


def soap(scene: Scene, borger: Borger, now: datetime) -> str:
    """Write a `curl` that registers by SOAP."""
    tjeneste = tjenester(scene.kontrakt)["PersonRegistrationService"]
    operation, element = soap_registrering.skriv_forespoergsel(borger.cpr, _opret(now), scene.kontrakt)
    krop = konvolut.skriv_kald(_sagsbehandler(now), element)
    headers = {"content-type": "text/xml; charset=utf-8", "soapaction": tjeneste.operationer[operation].soapaction}
    return _curl(scene.tjenester, Kald("POST", tjeneste.sti, headers, krop))
