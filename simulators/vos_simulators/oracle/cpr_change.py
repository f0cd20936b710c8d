"""Who must be told of a CPR change, and who was: GetCprChanged to the citizen's own jobcentre and fund, if they subscribe.

Once more and by itself (epic, commitment criteria), as `ventet` for what is registered. The author is STAR.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.operations import Borgerraekke
from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.model.identity import Organisation
from vos_contracts.wire.tid import DANSK_TID
from vos_contracts.wire.wsrm_cpr import CprBesked
from vos_simulators.oracle.cause import siden_scenen_var_tom
from vos_simulators.oracle.expected import Indhold, Ventet, wsrm_modtager
from vos_simulators.oracle.happened import tilknyttet
from vos_simulators.oracle.received import Fik
from vos_simulators.parties import STAR

BESKED = "GetCprChanged"


@dataclass(frozen=True, slots=True)
class Cprskiftet:
    """CPR told of a new number; `myndigheder` are the citizen's own jobcentre and fund that day."""

    gammelt: str
    nyt: str
    myndigheder: tuple[Organisation, ...]
    aarsag: str


def fra_journalen(poster: Iterable[Post], borgere: Iterable[Borgerraekke]) -> list[Cprskiftet]:
    """Find the changes since the stage was empty; the citizens are as they are now, under their latest number."""
    kendte = {en.cpr: en for en in borgere}
    skift = [en for en in siden_scenen_var_tom(poster) if en.art is Posttype.CPRSKIFT]
    nyere = {str(en.data["gammelt"]): en.cpr for en in skift}
    fundne = []
    for en in skift:
        nu = en.cpr
        while nu not in kendte:
            nu = nyere[nu]
        dag = en.tidspunkt.astimezone(DANSK_TID).date()
        egne = (tilknyttet(kendte[nu], type_, dag) for type_ in (Organisationstype.JOBCENTER, Organisationstype.AKASSE))
        aarsag = f"CPR-skift {en.tidspunkt.astimezone(DANSK_TID):%d-%m-%Y %H:%M:%S}"
        fundne.append(Cprskiftet(str(en.data["gammelt"]), en.cpr, tuple(filter(None, egne)), aarsag))
    return fundne


def ventede(skift: Iterable[Cprskiftet], abonnenter: Collection[Organisation]) -> Iterator[Ventet]:
    """Say which messages must be there: one to each of the citizen's own that subscribes."""
    for en in skift:
        for organisation in en.myndigheder:
            if organisation in abonnenter:
                indhold = _indhold(en.gammelt, en.nyt, STAR)
                yield Ventet(wsrm_modtager(organisation), BESKED, en.nyt, indhold, BESKED, en.aarsag)


def fra_wsrm(ejer: Organisation, besked: CprBesked) -> Fik:
    """Make it of a message from the owner's queue."""
    indhold = _indhold(besked.gammelt, besked.nyt, besked.registrant.aktiv)
    return Fik(wsrm_modtager(ejer), besked.besked_id, BESKED, besked.nyt, indhold)


def _indhold(gammelt: str, nyt: str, myndighed: Organisation) -> Indhold:
    return (("gammelt", gammelt), ("nyt", nyt), ("myndighed", str(myndighed)))
