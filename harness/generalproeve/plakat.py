"""The poster of a running stage: every address, and example calls that work when pasted.

The citizens of the examples are put on the stage through its control API, as anyone could.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

from rich.console import Console

from generalproeve.scene import Scene
from vos_contracts.identitet import Bruger, Identitet
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.operationer import Art, Opret
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.base import Kald
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_skema import tjenester
from vos_simulators.personer import AKASSE, JOBCENTER, Borger, Folk, paa_scenen
from vos_simulators.styring import Styring
from vos_simulators.transport import HttpTransport


def praesenter(scene: Scene, antal: int, som_json: bool) -> None:
    """Seed that many citizens and print where everything is."""
    with HttpTransport(scene.styring) as transport:
        styring = Styring(transport)
        status = styring.status()
        folk = Folk(seed=status.personer)
        borgere = [folk.ny(25 + 7 * nummer % 35, status.ur.date()) for nummer in range(antal)]
        styring.opsaet(*(paa_scenen(borger, akasse=AKASSE) for borger in borgere))
    adresser = _adresser(scene)
    if som_json:
        linje = {
            "ready": True,
            "services": scene.tjenester,
            "control": scene.styring,
            "addresses": adresser,
            "release": status.udgave,
            "backend": status.bagende,
            "clock": status.ur.isoformat(),
            "contract": status.kontrakt_hash,
            "overlay": status.overlay,
            "broker": scene.maegler,
            "people": [borger.cpr for borger in borgere],
        }
        print(json.dumps(linje, ensure_ascii=False), flush=True)  # noqa: T201 - the line is the answer
        return
    konsol = Console(soft_wrap=True, highlight=False)
    konsol.print(
        f"[bold]Generalprøve[/] - udgave {status.udgave}, SOAP-registrering: {status.bagende}, ur: "
        f"{status.ur:%d-%m-%Y %H:%M}{' (frosset)' if status.ur_frosset else ''}"
    )
    if status.overlay:
        konsol.print(f"overlay {status.overlay}: {len(status.overlay_aendringer)} ændringer")
    for navn, adresse in adresser.items():
        konsol.print(f"  {navn:<40}{adresse}")
    konsol.print(f"  {'database':<40}{scene.db}{' (forsvinder ved stop)' if scene.db_er_midlertidig else ''}")
    konsol.print(f"  {'domænehændelser':<40}{scene.maegler or 'i processen'}")
    if borgere:
        konsol.print(
            "\n[bold]Borgere[/] (syntetiske; numrene kan ikke tilhøre nogen), "
            f"jobcenter {JOBCENTER.kode}, a-kasse {AKASSE.kode}"
        )
        for borger in borgere:
            konsol.print(f"  {borger.cpr}  {borger.navn}")
    if borgere:
        konsol.print("\n[bold]REST[/]: opret kontaktgruppe 13 (kontaktgruppeId er svaret)")
        print(rest_eksempel(scene, borgere[0], status.ur))  # noqa: T201 - to be pasted as it is
    if len(borgere) > 1 and status.bagende is not PrsSoap.UDGAAET:
        konsol.print("\n[bold]SOAP[/]: CreateContactGroup")
        print(soap_eksempel(scene, borgere[1], status.ur))  # noqa: T201 - to be pasted as it is
    konsol.print("\nCtrl-C lukker scenen.")
    sys.stdout.flush()


def _adresser(scene: Scene) -> dict[str, str]:
    navne = scene.kontrakt.navne
    rest = {f"REST {art}": f"{scene.tjenester}{navne.sti(art.value)}" for art in Art}
    soap_ = {
        f"SOAP {navn}": f"{scene.tjenester}{en.sti}?wsdl"
        for navn, en in tjenester(scene.kontrakt).items()
        if navn not in scene.uden
    }
    return {
        **rest,
        "REST status": f"{scene.tjenester}{navne.sti('visiteringOgStatusStatus')}",
        "WSB-abonnement": f"{scene.tjenester}{navne.sti('abonnementSync')}",
        "kodelister": f"{scene.tjenester}{navne.sti('kodeliste')}",
        **soap_,
        "OpenAPI": f"{scene.tjenester}/openapi.json",
        "Swagger": f"{scene.tjenester}/swagger",
        "styring": f"{scene.styring}/styring/status",
        "WSB-levering": f"{scene.styring}/styring/wsb",
    }


def _sagsbehandler(now: datetime) -> Identitet:
    return Identitet(JOBCENTER, Bruger("Eksempel Sagsbehandler", 2, "eksempel"), JOBCENTER, now)


def _opret(now: datetime) -> Opret:
    return Opret(Art.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))


def _curl(url: str, kald: Kald) -> str:
    headers = "".join(f" \\\n  -H '{navn}: {vaerdi}'" for navn, vaerdi in kald.headers.items())
    return f"curl -sS -X {kald.metode} '{url}{kald.sti}'{headers} \\\n  --data-binary @- <<'EOF'\n{kald.krop.decode()}\nEOF"


def rest_eksempel(scene: Scene, borger: Borger, now: datetime) -> str:
    """Write a `curl` that registers by REST; a second time the same request id is answered with 412."""
    kald_id = f"eksempel-{borger.cpr[-4:]}-{now:%Y%m%d%H%M%S}"
    return _curl(
        scene.tjenester, Rest(scene.kontrakt).kald_registrer(borger.cpr, _opret(now), _sagsbehandler(now), kald_id)
    )


def soap_eksempel(scene: Scene, borger: Borger, now: datetime) -> str:
    """Write a `curl` that registers by SOAP."""
    tjeneste = tjenester(scene.kontrakt)["PersonRegistrationService"]
    operation, element = soap_registrering.skriv_forespoergsel(borger.cpr, _opret(now), scene.kontrakt)
    krop = soap.skriv_kald(_sagsbehandler(now), element)
    headers = {"content-type": "text/xml; charset=utf-8", "soapaction": tjeneste.operationer[operation].soapaction}
    return _curl(scene.tjenester, Kald("POST", tjeneste.sti, headers, krop))
