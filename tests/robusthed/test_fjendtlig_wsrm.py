"""An enemy at the queue: headers and sequence identifiers that are missing, doubled, foreign, vast or somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from fjende import FROSSET, Fjende, status, uden_spor
from lxml import etree
from processer import scene_i_proces

from byggeklodser import AKASSE, JOBCENTER, identitet
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.identity import Organisation
from vos_contracts.wire import soap
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.wsrm import AFSLUT, BESKEDER, LUK, STYRING, Wsrm

XML = "content-type: text/xml; charset=utf-8"
TYPE = "GetContactGroupVersion5"


@cache
def wsrm() -> Wsrm:
    return Wsrm(indlaes())


@pytest.fixture(scope="module")
def fjende(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fjende]:
    with scene_i_proces(*FROSSET, mappe=tmp_path_factory.mktemp("scene")) as proces:
        yield Fjende(proces)


def kald(fjende: Fjende, tjeneste: str, krop: bytes) -> bytes:
    svar = fjende.kald("POST", tjenester(indlaes())[tjeneste].sti, XML, krop=krop)
    assert status(svar) in (200, 500), svar
    assert b"<ErrorCode>1011</ErrorCode>" not in svar
    assert uden_spor(svar)
    assert len(svar) < 16_384
    return svar


def konvolut(krop: etree._Element, sekvens: str | None = None, organisation: Organisation = JOBCENTER) -> str:
    header = None if sekvens is None else wsrm().sekvensheader("SequenceRequest", sekvens)
    return soap.skriv_kald(identitet(organisation), krop, header).decode()


@pytest.fixture
def sekvens(fjende: Fjende) -> Iterator[str]:
    """An open sequence with a message in it, which is still there afterwards and can be emptied by its owner."""
    fjende.naboen_betjenes()
    svar = kald(fjende, STYRING, konvolut(wsrm().skriv_opret()).encode())
    assert status(svar) == 200
    krop = soap.laes_svar(svar.partition(b"\r\n\r\n")[2])
    assert isinstance(krop, etree._Element)
    inventar = wsrm().laes_inventar(krop)
    yield inventar.id
    svar = kald(fjende, BESKEDER, konvolut(wsrm().skriv_hent(TYPE), inventar.id).encode())
    assert status(svar) == 200
    assert b"PersonCivilRegistrationIdentifier" in svar
    assert status(kald(fjende, STYRING, konvolut(wsrm().skriv_afslutning(AFSLUT, inventar.id)).encode())) == 200


UKENDT = "01a21dde-f6fd-7096-ad36-980ab334a5f9"
FORKERTE = [
    "", " ", "\t\n", "x", "0", "-1", "null", "x" * 10_000, "9" * 10_000, "æøå", "\u202e", "../../", "' OR 1=1 --", "%00", "*",
    UKENDT, f"{UKENDT} {UKENDT}", "{" + UKENDT + "}", "urn:uuid:" + UKENDT, "<a/>", "&amp;", "${jndi:ldap://x}",
]  # fmt: skip


@pytest.mark.parametrize("forkert", FORKERTE)
def test_en_sekvens_der_ikke_er_der(fjende: Fjende, sekvens: str, forkert: str) -> None:
    for operation in (LUK, AFSLUT):
        svar = kald(fjende, STYRING, konvolut(wsrm().skriv_afslutning(operation, forkert)).encode())
        assert b"Fault>" in svar
    svar = kald(fjende, BESKEDER, konvolut(wsrm().skriv_hent(TYPE), forkert).encode())
    assert b"Fault>" in svar


@pytest.mark.parametrize("aendring", ["nyt led", "to identifier", "tom", "tekst", "dobbelt", "forkert rum", "dyb"])
def test_en_misdannet_sequencerequest(fjende: Fjende, sekvens: str, aendring: str) -> None:
    """A sequence that is not named once and plainly is not named."""
    hel = konvolut(wsrm().skriv_hent(TYPE), sekvens)
    fra = hel.index("<", hel.index("SequenceRequest") - 6)
    til = hel.index(">", hel.rindex("SequenceRequest")) + 1
    header = hel[fra:til]
    id_fra, id_til = header.rindex("<", 0, header.index(sekvens)), header.index(">", header.index(sekvens)) + 1
    led = header[id_fra:id_til]
    ny = {
        "nyt led": header.replace(led, f"{led}<Ukendt>x</Ukendt>"),
        "to identifier": header.replace(led, led + led.replace(sekvens, ny_uuid())),
        "tom": header.replace(led, ""),
        "tekst": header.replace(led, f"hej {led}"),
        "dobbelt": header + header,
        "forkert rum": header.replace(wsrm().sequence_request[1:].partition("}")[0], "urn:andet"),
        "dyb": header.replace(led, "<a>" * 10_000 + led + "</a>" * 10_000),
    }[aendring]
    svar = kald(fjende, BESKEDER, (hel[:fra] + ny + hel[til:]).encode())
    assert b"Fault>" in svar, svar


@pytest.mark.parametrize("underkoe", ["x" * 100_000, "\u202e", "' OR 1=1", " ", "\n" * 1000, "<a/>"])
def test_en_underlig_underkoe_er_tom_eller_afvises(fjende: Fjende, sekvens: str, underkoe: str) -> None:
    svar = kald(fjende, STYRING, konvolut(wsrm().skriv_opret(underkoe)).encode())
    if status(svar) == 200 and underkoe.strip():
        assert b"ServiceItem>" not in svar


def test_en_andens_sekvens(fjende: Fjende, sekvens: str) -> None:
    """Knowing the number is not owning the queue."""
    for anden in (AKASSE, Organisation(8, "10200"), Organisation(1, "1")):
        for operation in (LUK, AFSLUT):
            svar = kald(
                fjende, STYRING, konvolut(wsrm().skriv_afslutning(operation, sekvens), organisation=anden).encode()
            )
            assert b"Fault>" in svar
        svar = kald(fjende, BESKEDER, konvolut(wsrm().skriv_hent(TYPE), sekvens, anden).encode())
        assert b"Fault>" in svar
        assert b"PersonCivil" not in svar
