"""The poster of a running stage: every address, and example calls that work when pasted.

The citizens of the examples are put on the stage through its control API, as anyone could. What only people and examples need
is imported when they are asked for: the stage is to be ready at once.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from generalproeve.scene import Scene
from generalproeve.settings.values import LATENS_FRA
from vos_contracts.control.stage import StatusDto
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.model.registration import Art
from vos_contracts.wire.soap_skema import tjenester
from vos_simulators.control import Styring
from vos_simulators.transport import HttpTransport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from vos_simulators.people import Borger


def praesenter(scene: Scene, antal: int, som_json: bool) -> None:
    """Seed that many citizens, where there is a control API, and print where everything is."""
    if scene.styring is None:
        _praesenter_uden_styring(scene, som_json)
        return
    with HttpTransport(scene.styring) as transport:
        styring = Styring(transport)
        status = styring.status()
        borgere = _borgere(styring, status, antal) if antal else []
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
            "latency": status.latens or LATENS_FRA,
            "people": [borger.cpr for borger in borgere],
        }
        print(json.dumps(linje, ensure_ascii=False), flush=True)  # noqa: T201 - the line is the answer
        return
    from rich.console import Console

    from generalproeve import eksempler

    konsol = Console(soft_wrap=True, highlight=False)
    konsol.print(
        f"[bold]Generalprøve[/] - udgave {status.udgave}, SOAP-registrering: {status.bagende}, ur: "
        f"{status.ur:%d-%m-%Y %H:%M}{' (frosset)' if status.ur_frosset else ''}"
    )
    if status.overlay:
        konsol.print(f"overlay {status.overlay}: {len(status.overlay_aendringer)} ændringer")
    _skriv_adresser(konsol, scene, adresser)
    if borgere:
        konsol.print(
            "\n[bold]Borgere[/] (syntetiske; numrene kan ikke tilhøre nogen), "
            f"jobcenter {eksempler.JOBCENTER.kode}, a-kasse {eksempler.AKASSE.kode}"
        )
        for borger in borgere:
            konsol.print(f"  {borger.cpr}  {borger.navn}")
    if borgere:
        konsol.print("\n[bold]REST[/]: opret kontaktgruppe 13 (kontaktgruppeId er svaret)")
        print(eksempler.rest(scene, borgere[0], status.ur))  # noqa: T201 - to be pasted as it is
    if len(borgere) > 1 and status.bagende is not PrsSoap.UDGAAET:
        konsol.print("\n[bold]SOAP[/]: CreateContactGroup")
        print(eksempler.soap(scene, borgere[1], status.ur))  # noqa: T201 - to be pasted as it is
    konsol.print("\nCtrl-C lukker scenen.")
    sys.stdout.flush()


def _praesenter_uden_styring(scene: Scene, som_json: bool) -> None:
    """Print where everything is on a stage that cannot be asked how it stands."""
    adresser = _adresser(scene)
    if som_json:
        linje = {
            "ready": True,
            "services": scene.tjenester,
            "control": None,
            "addresses": adresser,
            "release": scene.udgave,
            "contract": scene.kontrakt.hash,
            "broker": scene.maegler,
            "latency": scene.latens or LATENS_FRA,
            "people": [],
        }
        print(json.dumps(linje, ensure_ascii=False), flush=True)  # noqa: T201 - the line is the answer
        return
    from rich.console import Console

    konsol = Console(soft_wrap=True, highlight=False)
    konsol.print(f"[bold]Generalprøve[/] - udgave {scene.udgave}, uden styring")
    _skriv_adresser(konsol, scene, adresser)
    konsol.print("\nCtrl-C lukker scenen.")
    sys.stdout.flush()


def _skriv_adresser(konsol: Console, scene: Scene, adresser: Mapping[str, str]) -> None:
    for navn, adresse in adresser.items():
        konsol.print(f"  {navn:<40}{adresse}")
    konsol.print(f"  {'database':<40}{scene.db}{' (forsvinder ved stop)' if scene.db_er_midlertidig else ''}")
    konsol.print(f"  {'domænehændelser':<40}{scene.maegler or 'i processen'}")
    konsol.print(f"  {'latens':<40}{scene.latens or LATENS_FRA}")


def _borgere(styring: Styring, status: StatusDto, antal: int) -> list[Borger]:
    from vos_simulators.parties import AKASSE
    from vos_simulators.people import Folk, paa_scenen  # here, because Faker takes its time to import

    folk = Folk(seed=status.personer)
    borgere = [folk.ny(25 + 7 * nummer % 35, status.ur.date()) for nummer in range(antal)]
    styring.opsaet(*(paa_scenen(borger, akasse=AKASSE) for borger in borgere))
    return borgere


def _adresser(scene: Scene) -> dict[str, str]:
    navne = scene.kontrakt.navne
    styring = {
        "styring": f"{scene.styring}/styring/status",
        "WSB-levering": f"{scene.styring}/styring/wsb",
    }
    if scene.styring is None:
        styring = {}
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
        **styring,
    }
