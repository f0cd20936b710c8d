"""Hold a call that came against the one that was meant: the same, close to it, or something else altogether.

One table says which fields are the caller's own to fill in or leave out. Not here: how a call becomes fields (`handling`).
"""

from __future__ import annotations

from dataclasses import dataclass

from generalproeve.rolle.handling import ID, Handling
from vos_contracts.navne import Navne
from vos_contracts.wire.soap_skema import SERVICE_VERSIONER

VALGFRI = ("haendelsestidspunkt", "ContactGroupEventTime", "PersonCategoryEventTime", "NotificationDate")
"""Fields that may be left out, or filled in where nothing was said; canonical names, the last part of a path."""
EGET_ID = (ID, "MessageIdentifier")
"""Identifiers that a caller may choose itself where none was given."""
EGNE = ("AbsenceIdentifier", "NemRefusionIdentifier")
"""Identifiers that the caller chooses when it reports an illness."""


@dataclass(frozen=True, slots=True)
class Forskel:
    """One field that is not as it was meant."""

    felt: str
    ventet: str
    kom: str

    def __str__(self) -> str:
        return f"{self.felt}: ventet {self.ventet or '(intet)'}, kom {self.kom or '(intet)'}"


class Sammenligning:
    """Compares under one contract's names."""

    def __init__(self, navne: Navne) -> None:
        def paa_linjen(kanoniske: tuple[str, ...]) -> frozenset[str]:
            elementer = {navne.element(tjeneste, en) for tjeneste in SERVICE_VERSIONER for en in kanoniske}
            return frozenset({*kanoniske, *elementer, *(navne.vaerdier.get(f"json.{en}", en) for en in kanoniske)})

        self._valgfri, self._eget_id, self._egne = paa_linjen(VALGFRI), paa_linjen(EGET_ID), paa_linjen(EGNE)

    def forskelle(self, ventet: Handling, kom: Handling) -> list[Forskel]:
        """List what is not as it was meant; empty for the very call."""
        ulaest = bool(kom.fejl) and kom.kalder is None and not ventet.fejl
        hoved = [
            Forskel("kanal", ventet.kanal, kom.kanal),
            Forskel("service", ventet.tjeneste, kom.tjeneste),
            Forskel("operation", ventet.operation, kom.operation),
            Forskel("borger", ventet.borger, kom.borger) if ventet.borger else Forskel("borger", "", ""),
        ]
        if not ulaest:  # else why the caller cannot be read is the difference, not that it is another
            hoved += [
                Forskel("organisation", _organisation(ventet), _organisation(kom)),
                Forskel("kaldende system", _system(ventet), _system(kom)),
            ]
        fundne = [en for en in hoved if en.ventet != en.kom]
        if (ventet.kanal, ventet.operation) == (kom.kanal, kom.operation):
            for felt in dict.fromkeys((*ventet.felter, *kom.felter)):
                en = Forskel(felt, ventet.felter.get(felt, ""), kom.felter.get(felt, ""))
                if en.ventet != en.kom and not self._maa(ventet, en):
                    fundne.append(en)
        if ulaest or (kom.fejl and not ventet.fejl and not fundne):
            fundne.append(Forskel("gyldigt kald", "ja", kom.fejl))
        return fundne

    def naer(self, ventet: Handling, kom: Handling) -> bool:
        """Say whether a call may have been an attempt at what was meant: about the same citizen, or about none."""
        samme = bool(kom.borger) and kom.borger == ventet.borger
        uden = not kom.borger and _organisation(kom) in {_organisation(ventet), ""}
        return samme or (uden and kom.operation == ventet.operation)

    def _maa(self, ventet: Handling, en: Forskel) -> bool:
        sidste = en.felt.rpartition("/")[2].partition("[")[0]
        if sidste in self._valgfri:
            return not en.ventet or not en.kom
        if sidste in self._eget_id:
            return not en.ventet and ventet.operation.startswith(("POST", "Create"))
        return sidste in self._egne and ventet.operation == "CreateIllness"


def _organisation(handling: Handling) -> str:
    return "" if handling.kalder is None else str(handling.kalder.aktiv)


def _system(handling: Handling) -> str:
    return "" if handling.kalder is None else str(handling.kalder.system)
