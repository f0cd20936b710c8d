"""What of a row leaves the house: CPR numbers masked, whole, or exchanged with everything else that names somebody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from vos_contracts.control.operations import Borgerraekke, Registreringsraekke
from vos_contracts.model.cpr import foedselsdato, maskeret
from vos_simulators.bi.files import Raekke
from vos_simulators.bi.pseudonyms import Pseudonymer


class Udlevering(StrEnum):
    """How citizens are named in a delivery."""

    MASKERET = "masked"
    HELE = "whole"
    PSEUDONYMER = "pseudonyms"


@dataclass(frozen=True, slots=True)
class Raekkeskriver:
    """Write rows for one way to name citizens; without `pseudonymer` they are masked, or whole if so asked."""

    pseudonymer: Pseudonymer | None = None
    hele_cpr: bool = False

    @property
    def udlevering(self) -> Udlevering:
        """Name the way."""
        if self.pseudonymer is not None:
            return Udlevering.PSEUDONYMER
        return Udlevering.HELE if self.hele_cpr else Udlevering.MASKERET

    def registrering(self, en: Registreringsraekke) -> Raekke:
        """Write one row of the history; with pseudonyms the user's name is gone, since it is free text."""
        raekke = msgspec.structs.asdict(en) | {"art": en.art.value}
        if self.pseudonymer is None:
            return raekke
        return raekke | {
            "borger_id": self.pseudonymer.id("borger", en.borger_id),
            "id": self.pseudonymer.id("registrering", en.id),
            "bruger_id": self.pseudonymer.id("bruger", en.bruger_id),
            "bruger_navn": "",
        }

    def borger(self, en: Borgerraekke) -> Raekke:
        """Write one citizen; authorities are no persons and stay."""
        raekke = msgspec.structs.asdict(en) | {"tilknytninger": "; ".join(en.tilknytninger)}
        if self.pseudonymer is None:
            return raekke if self.hele_cpr else raekke | {"cpr": maskeret(en.cpr)}
        cpr = self.pseudonymer.cpr(en.cpr)
        foedt = foedselsdato(cpr)
        assert foedt is not None, "a pseudonym carries a date"
        return raekke | {
            "borger_id": self.pseudonymer.id("borger", en.borger_id),
            "cpr": cpr,
            "foedt": foedt,
            "doed": self.pseudonymer.doed(en.doed, foedt),
        }
