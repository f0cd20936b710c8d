"""What a stage cannot do leaves a scene out with the reason, and every call of the control API stands in the table."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

import vos_simulators
from byggeklodser import NU
from vos_contracts.wire.base import Kald, Svar
from vos_features.capabilities import AF_STYRING, Evne, Styringslinje, evne
from vos_features.hooks import Udeladt
from vos_simulators.control import Styring

KILDER = Path(vos_simulators.__file__).parent
_STI = re.compile(r'"(?:GET|PUT|POST|DELETE)", f?"([a-z/]+)|_(?:hent|sider)\("([a-z/]+)"')


class Linje:
    def __init__(self) -> None:
        self.kald: list[Kald] = []

    def send(self, kald: Kald) -> Svar:
        self.kald.append(kald)
        return Svar(200)


def test_hvert_kald_til_styringen_har_en_evne() -> None:
    tekst = "".join((KILDER / navn).read_text("utf-8") for navn in ("control.py", "stage_reader.py"))
    stier = {en[0] or en[1] for en in _STI.findall(tekst)} - {"/styring/"}
    assert len(stier) >= 15
    assert {evne(f"/styring/{sti}") for sti in stier} | {Evne.TELL_AS_NEIGHBOUR} == AF_STYRING
    assert evne("/intern/kommando") is Evne.TELL_AS_NEIGHBOUR
    with pytest.raises(KeyError):
        evne("/styring/noget-andet")


def test_det_der_mangler_udelades_med_grunden() -> None:
    linje = Linje()
    styring = Styring(Styringslinje(linje, AF_STYRING - {Evne.MOVE_CLOCK}))
    with pytest.raises(Udeladt, match="udeladt: scenens ur kan ikke flyttes"):
        styring.stil_ur(datetime.fromisoformat("2024-11-18T09:00:00+01:00"))
    assert linje.kald == []
    styring.nulstil()
    assert [en.sti for en in linje.kald] == ["/styring/nulstil"]


def test_uden_styring_udelades_alt() -> None:
    styring = Styring(Styringslinje(None, frozenset(Evne)))
    with pytest.raises(Udeladt, match="scenen kan ikke nulstilles"):
        styring.nulstil()
    with pytest.raises(Udeladt, match="ur"):
        styring.stil_ur(NU)


def test_hver_evne_har_sin_grund() -> None:
    grunde = [en.mangler for en in Evne]
    assert len(set(grunde)) == len(grunde)
    assert all(grund.startswith("scenen") for grund in grunde)
