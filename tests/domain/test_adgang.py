from dataclasses import replace

import pytest

from byggeklodser import AKASSE, I_DAG, JOBCENTER, KOMMUNE, NU, OPERATOER, STAR, borger, identitet, kontrakt
from vos_contracts.identitet import Organisation
from vos_reference.domain.adgang import afvisning
from vos_reference.domain.person import Tilknytning

OPRET = "PersonVisiteringService.CreateKontaktgruppe"
LAES_KG = "PersonVisiteringService.GetKontaktgrupper"
LAES_PC = "PersonVisiteringService.GetPersonkategorier"
ANDET_JOBCENTER = Organisation(8, "10200")


def kode(metode: str, aktiv: Organisation, egen: Organisation | None = None) -> int:
    person = replace(borger(), tilknytninger=(*borger().tilknytninger, Tilknytning(OPERATOER, I_DAG.date())))
    fejl = afvisning(metode, identitet(aktiv, egen), person, NU.date(), kontrakt().adgang)
    return 0 if fejl is None else fejl.kode


@pytest.mark.parametrize(
    ("metode", "aktiv", "egen", "forventet"),
    [
        (OPRET, JOBCENTER, None, 0),
        (OPRET, ANDET_JOBCENTER, None, 6005),
        (OPRET, KOMMUNE, None, 0),
        (OPRET, Organisation(7, "102"), None, 4575),
        (OPRET, STAR, None, 0),
        (OPRET, AKASSE, None, 4575),
        (OPRET, Organisation(24, "12345678"), None, 4575),
        (OPRET, JOBCENTER, OPERATOER, 0),
        (OPRET, JOBCENTER, Organisation(4, "87654321"), 4511),
        (OPRET, ANDET_JOBCENTER, OPERATOER, 4511),
        (OPRET, KOMMUNE, OPERATOER, 4575),
        (LAES_KG, AKASSE, None, 0),
        (LAES_KG, Organisation(2, "82"), None, 4575),
        (LAES_PC, AKASSE, None, 4575),
        (LAES_PC, JOBCENTER, None, 0),
        ("PersonVisiteringService.UkendtMetode", STAR, None, 4575),
    ],
)
def test_matricen(metode: str, aktiv: Organisation, egen: Organisation | None, forventet: int) -> None:
    assert kode(metode, aktiv, egen) == forventet


def test_et_ophoert_medlemskab_giver_ikke_adgang() -> None:
    person = replace(borger(), tilknytninger=(Tilknytning(JOBCENTER, I_DAG.date().replace(year=2000), I_DAG.date()),))
    fejl = afvisning(OPRET, identitet(JOBCENTER), person, NU.date(), kontrakt().adgang)
    assert fejl is not None
    assert fejl.kode == 6005
