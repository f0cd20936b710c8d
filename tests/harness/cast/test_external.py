"""A real system's call is compared with the expected one field by field, and taken by one step only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from byggeklodser import AKASSE, I_DAG, I_GAAR, JOBCENTER, NU, identitet, kontrakt
from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.cast.casting import laes
from generalproeve.cast.comparison import CallComparison, Difference
from generalproeve.cast.external import Choice, ExternalCast, ExternalRole, KaldteIkke, Task
from generalproeve.cast.instructions import describe
from generalproeve.cast.observations import Observations, ObservedCall
from vos_contracts.base.ids import ny_uuid
from vos_contracts.model.identity import Bruger, Identitet
from vos_contracts.model.neighbours import Sygekilde, Sygemeld
from vos_contracts.model.registration import Art, Opdater, Opret, Registreringskommando, Slet
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.calls import CallReader
from vos_features.hooks import Udeladt
from vos_simulators.party import Aktoer, Kanal

CPR, ANDEN = "0203840021", "0203840048"
KONTRAKT = kontrakt()
READER, COMPARISON = CallReader(KONTRAKT), CallComparison(KONTRAKT.navne)
KSS = identitet(JOBCENTER)


class Optager:
    """A line that keeps the call it should have sent."""

    def __init__(self) -> None:
        self.kald: list[Kald] = []

    def send(self, kald: Kald) -> Svar:
        self.kald.append(kald)
        return Svar(200, {}, b'"x"') if not kald.sti.endswith(".svc") else Svar(500, {}, FAULT)


FAULT = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><detail>'
    b'<FaultDetails xmlns="http://service.bm.dk/FaultDetails/2015/01/21/"><ErrorCode>1</ErrorCode></FaultDetails>'
    b"</detail></s:Fault></s:Body></s:Envelope>"
)


def kald(kommando: Registreringskommando | Sygemeld, kanal: str = "PVS", hvem: Identitet = KSS, cpr: str = CPR) -> Kald:
    optager = Optager()
    aktoer = Aktoer(hvem, KONTRAKT, optager, ny_uuid)
    try:
        if isinstance(kommando, Sygemeld):
            aktoer.naboer.sygemeld(cpr, kommando)
        else:
            aktoer.registrer(cpr, kommando, Kanal(kanal))
    except Exception:
        pass
    return optager.kald[0]


def forskelle(ventet: Kald, kom: Kald) -> list[str]:
    return [str(row) for row in COMPARISON.differences(READER.read(ventet), READER.read(kom))]


OPRET = Opret(Art.KONTAKTGRUPPE, 13, I_DAG, haendelse=I_DAG)
ANDET_JOBCENTER = replace(KSS, aktiv=replace(JOBCENTER, kode="10200"))


@pytest.mark.parametrize("kanal", ["PRS", "PVS"])
@pytest.mark.parametrize(
    "kom",
    [
        OPRET,
        replace(OPRET, haendelse=None),
        replace(OPRET, id="01a21c78-bb78-769c-ba0c-056b6997fa1d"),
        replace(OPRET, start=NU),
    ],
)
def test_det_samme_sagt_paa_egen_maade_er_det_samme(kanal: str, kom: Opret) -> None:
    anden_bruger = replace(KSS, bruger=Bruger("En anden", 2, "en-anden"))
    assert forskelle(kald(OPRET, kanal), kald(kom, kanal, anden_bruger)) == []


@pytest.mark.parametrize(
    ("ventet", "kom", "sagt"),
    [
        (kald(OPRET), kald(replace(OPRET, type=4)), ["kontaktgruppeType: ventet 13, kom 4"]),
        (kald(OPRET), kald(replace(OPRET, start=I_GAAR)), ["starttidspunkt: ventet 2024-11-18, kom 2024-11-17"]),
        (kald(OPRET), kald(replace(OPRET, slut=I_DAG)), ["sluttidspunkt: ventet (intet), kom 2024-11-18"]),
        (kald(OPRET), kald(OPRET, hvem=ANDET_JOBCENTER), ["organisation: ventet 8/10100, kom 8/10200"]),
        (kald(OPRET), kald(OPRET, hvem=replace(KSS, system=9)), ["kaldende system: ventet 1001, kom 9"]),
        (kald(OPRET), kald(OPRET, cpr=ANDEN), [f"borger: ventet {CPR}, kom {ANDEN}"]),
        (
            kald(OPRET, "PRS"),
            kald(OPRET, "PVS"),
            [
                "kanal: ventet SOAP, kom REST",
                "service: ventet PersonRegistrationService, kom PersonVisiteringService",
                "operation: ventet CreateContactGroup, kom POST kontaktgruppe",
            ],
        ),
        (
            kald(Opdater(Art.KONTAKTGRUPPE, "a", I_DAG)),
            kald(Opdater(Art.KONTAKTGRUPPE, "b", I_DAG)),
            ["id: ventet a, kom b"],
        ),
        (kald(Slet(Art.KONTAKTGRUPPE, "a")), kald(Slet(Art.PERSONKATEGORI, "a")),
         ["operation: ventet DELETE kontaktgruppe, kom DELETE personkategori"]),
    ],
)  # fmt: skip
def test_hver_forskel_naevnes_felt_for_felt(ventet: Kald, kom: Kald, sagt: list[str]) -> None:
    assert forskelle(ventet, kom) == sagt


def test_et_id_der_er_givet_skal_bruges() -> None:
    med = replace(OPRET, id="11111111-1111-7111-8111-111111111111")
    andet = replace(OPRET, id="22222222-2222-7222-8222-222222222222")
    assert forskelle(kald(med), kald(andet)) == [f"id: ventet {med.id}, kom {andet.id}"]
    assert forskelle(kald(med), kald(OPRET)) == [f"id: ventet {med.id}, kom (intet)"]


def test_den_der_sygemelder_vaelger_selv_sygdommens_id() -> None:
    en, to = (Sygemeld(id=ny_uuid(), kilde=Sygekilde.FRAVAER, fra=I_DAG.date()) for _ in range(2))
    assert forskelle(kald(en), kald(to)) == []


def test_et_ugyldigt_kald_er_en_forskel() -> None:
    rigtigt = kald(OPRET, "PRS")
    forkert = replace(rigtigt, krop=rigtigt.krop.replace(b"ContactGroupStartTime", b"ContactGroupStartDate"))
    assert any("ContactGroupStartDate" in en for en in forskelle(rigtigt, forkert))
    uden = replace(kald(OPRET), headers={})
    assert any(en.startswith("borger:") for en in forskelle(kald(OPRET), uden))


def test_en_header_der_mangler_siges_selv_og_ikke_som_en_forkert_organisation() -> None:
    rigtigt = kald(OPRET)
    headers = {en: vaerdi for en, vaerdi in rigtigt.headers.items() if en.lower() != "x-registrationdatetime"}
    (sagt,) = forskelle(rigtigt, replace(rigtigt, headers=headers))
    assert sagt.startswith("gyldigt kald: ventet ja, kom ")
    assert "x-registrationdatetime" in sagt.lower()


def test_det_der_ikke_registrerer_er_ingen_handling() -> None:
    assert not READER.read(Kald("GET", "/v1/PersonVisitering/kontaktgruppe")).registers
    assert not READER.read(Kald("POST", "/noget/andet")).registers
    with pytest.raises(AssertionError, match="is no call that a party can be asked to make"):
        ekstern(Instructor())[0].send(Kald("GET", "/v1/PersonVisitering/kontaktgruppe"))


class Instructor:
    def __init__(self, *choices: Choice | None) -> None:
        self.choices = list(choices)
        self.told: list[str] = []

    def assign(self, task: Task) -> None:
        self.told.append("assign")
        self.task = task

    def wait(self, task: Task, remaining: float, closest: Sequence[Difference]) -> Choice | None:
        self.told.append(f"wait {len(closest)}")
        return self.choices.pop(0) if self.choices else None

    def finish(self, task: Task, observed: ObservedCall) -> None:
        self.told.append("finish")

    def expire(self, task: Task, closest: Sequence[Difference]) -> None:
        self.told.append(f"expire {len(closest)}")


class At:
    address = "http://127.0.0.1:8490"


def ekstern(instructor: Instructor, *passed: Kald) -> tuple[ExternalRole, list[ObservedCall], Observations]:
    observations, kept = Observations(), list[ObservedCall]()
    for call in passed:
        observations.add(ObservedCall("kss", READER.read(call), call, Svar(200, {}, b'"id"'), 0.1))
    cast = ExternalCast(observations, READER, COMPARISON, instructor, 0.0, lambda: "Når ...", kept.append)
    return ExternalRole(cast, "kss", "jobcentret", 1101, At()), kept, observations


SOM_KSS = replace(KSS, system=1101, bruger=Bruger("Ida", 2, "ida"))


def test_kaldet_tages_som_var_det_vort_og_kun_en_gang() -> None:
    instructor = Instructor()
    en, *_ = ekstern(instructor, kald(OPRET, hvem=SOM_KSS), kald(replace(OPRET, type=4), hvem=SOM_KSS))
    assert en.send(kald(OPRET)) == Svar(200, {}, b'"id"')
    assert [hvem.bruger.navn for hvem in en.kaldere] == ["Ida"]
    assert instructor.told == ["assign", "finish"]
    with pytest.raises(AssertionError, match="kss kaldte anderledes end ventet: kontaktgruppeType: ventet 13, kom 4"):
        en.send(kald(OPRET))
    with pytest.raises(KaldteIkke):
        en.send(kald(OPRET))
    en.begynd()
    assert en.kaldere == ()


def test_en_andens_kald_roeres_ikke() -> None:
    anden_borger, anden_part = kald(OPRET, hvem=SOM_KSS, cpr=ANDEN), kald(OPRET, hvem=identitet(AKASSE))
    en, kept, observations = ekstern(Instructor(), anden_borger, anden_part)
    with pytest.raises(AssertionError, match="organisation"):
        en.send(kald(OPRET))
    assert [observed.kald for observed in kept] == [anden_part], "the breach rests on the call that came close"
    assert [observed.read.citizen for observed in observations.untaken()] == [ANDEN]


def test_der_kan_springes_over_proeves_igen_og_gives_op() -> None:
    en, *_ = ekstern(Instructor(Choice.SKIP))
    with pytest.raises(Udeladt, match="kss sprang over"):
        en.send(kald(OPRET))
    instructor = Instructor(Choice.RETRY)
    en, *_ = ekstern(instructor, kald(replace(OPRET, type=4), hvem=SOM_KSS))
    with pytest.raises(KaldteIkke):
        en.send(kald(OPRET))
    assert instructor.told == ["assign", "wait 1", "wait 0", "expire 0"]
    en, *_ = ekstern(Instructor(Choice.GIVE_UP), kald(replace(OPRET, type=4), hvem=SOM_KSS))
    for _ in range(2):
        with pytest.raises(Udeladt, match="opgivet"):
            en.send(kald(OPRET))


def test_instruksen_siger_hvad_hvem_og_hvor() -> None:
    instructor = Instructor()
    en, *_ = ekstern(instructor)
    with pytest.raises(KaldteIkke):
        en.send(kald(OPRET, "PRS"))
    tekst = "\n".join(describe(instructor.task))
    for del_ in ("KSS (jobcentret, 8/10100)", "CreateContactGroup", "fra system 1101", CPR, "= 13", At.address):
        assert del_ in tekst


@pytest.mark.parametrize(
    "valg", ["kss", "hvem=external", "kss=external:x", "kss=external,port=1", "kss=simulated:1", "kss=external:70000"]
)
def test_en_besaetning_der_ikke_forstaas(valg: str) -> None:
    with pytest.raises(KanIkkeKoere, match="--cast"):
        laes([valg])


def test_en_besaetning() -> None:
    kss, akasse = laes(["kss=external", "akasse=external:0,system=77", "ksd=simulated"])
    assert (kss.port, kss.system, kss.roller[0]) == (8490, 1101, "jobcentret")
    assert (akasse.port, akasse.system) == (0, 77)
