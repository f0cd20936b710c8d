"""The queue's part of the store in memory: messages, sequences and subscriptions."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from vos_contracts.identitet import Organisation
from vos_reference.application.ports import Ejer, Konvolut, Sekvens


@dataclass(slots=True)
class Ventende:
    """A message, and the sequence that it is handed out in, if any."""

    konvolut: Konvolut
    underkoe: str = ""
    sekvens: str | None = None


@dataclass(slots=True)
class Koetilstand:
    """All queues: what waits, in order, and who has asked for what."""

    abonnementer: set[Ejer] = field(default_factory=set)
    beskedabonnementer: set[tuple[Ejer, str]] = field(default_factory=set)
    underkoeer: dict[tuple[Ejer, str], str] = field(default_factory=dict)
    ventende: list[Ventende] = field(default_factory=list)
    sekvenser: dict[str, Sekvens] = field(default_factory=dict)

    def kopi(self) -> Koetilstand:
        """Copy, for a transaction to work on."""
        return Koetilstand(
            set(self.abonnementer),
            set(self.beskedabonnementer),
            dict(self.underkoeer),
            [copy.copy(en) for en in self.ventende],
            dict(self.sekvenser),
        )


class MemoryKoe:
    """Reads and writes on one copy of the queues."""

    koe: Koetilstand

    def abonner(self, ejer: Ejer) -> None:
        """See `Transaktion.abonner`."""
        self.koe.abonnementer.add(ejer)

    def abonner_besked(self, ejer: Ejer, beskedtype: str) -> None:
        """See `Transaktion.abonner_besked`."""
        self.koe.beskedabonnementer.add((ejer, beskedtype))

    def laeg_i_underkoe(self, ejer: Ejer, beskedtype: str, underkoe: str) -> None:
        """See `Transaktion.laeg_i_underkoe`."""
        self.koe.underkoeer[ejer, beskedtype] = underkoe

    def findes_underkoe(self, ejer: Ejer, underkoe: str) -> bool:
        """See `Transaktion.findes_underkoe`."""
        lagt_i = {(en, navn) for (en, _), navn in self.koe.underkoeer.items()}
        return (ejer, underkoe) in lagt_i or any(
            (en.konvolut.ejer, en.underkoe) == (ejer, underkoe) for en in self.koe.ventende
        )

    def abonnenter(self, organisation: Organisation, beskedtype: str) -> Sequence[Ejer]:
        """See `Transaktion.abonnenter`."""
        return sorted(
            ejer
            for ejer, besked in self.koe.beskedabonnementer
            if (ejer.organisation, besked) == (organisation, beskedtype)
        )

    def koeejere(self, organisation: Organisation) -> Sequence[Ejer]:
        """See `Transaktion.koeejere`."""
        return sorted(ejer for ejer in self.koe.abonnementer if ejer.organisation == organisation)

    def overtag_koe(self, fra: Ejer, til: Ejer) -> None:
        """See `Transaktion.overtag_koe`."""
        for sekvens in [en for en in self.koe.sekvenser.values() if en.ejer == fra]:
            self.frigiv(sekvens.id)
        for en in self.koe.ventende:
            if en.konvolut.ejer == fra:
                en.konvolut = replace(en.konvolut, ejer=til)
        for ejer, beskedtype in [en for en in self.koe.underkoeer if en[0] == fra]:
            self.koe.underkoeer[til, beskedtype] = self.koe.underkoeer.pop((ejer, beskedtype))

    def laeg_i_koe(self, konvolutter: Sequence[Konvolut]) -> None:
        """See `Transaktion.laeg_i_koe`."""
        self.koe.ventende += [Ventende(en, self.koe.underkoeer.get((en.ejer, en.beskedtype), "")) for en in konvolutter]

    def noget_venter(self, ejer: Ejer, underkoe: str) -> bool:
        """See `Transaktion.noget_venter`."""
        return bool(self._venter(ejer, underkoe))

    def _venter(self, ejer: Ejer, underkoe: str) -> list[Ventende]:
        return [
            en for en in self.koe.ventende if en.sekvens is None and (en.konvolut.ejer, en.underkoe) == (ejer, underkoe)
        ]

    def aaben_sekvens(self, ejer: Ejer, underkoe: str) -> Sekvens | None:
        """See `Transaktion.aaben_sekvens`."""
        passer = (en for en in self.koe.sekvenser.values() if (en.ejer, en.underkoe) == (ejer, underkoe))
        return next(passer, None)

    def find_sekvens(self, sekvens_id: str) -> Sekvens | None:
        """See `Transaktion.find_sekvens`."""
        return self.koe.sekvenser.get(sekvens_id)

    def opret_sekvens(self, sekvens: Sekvens, hoejst: int) -> None:
        """See `Transaktion.opret_sekvens`."""
        self.koe.sekvenser[sekvens.id] = sekvens
        for en in self._venter(sekvens.ejer, sekvens.underkoe)[:hoejst]:
            en.sekvens = sekvens.id

    def inventar(self, sekvens_id: str) -> Sequence[tuple[str, int]]:
        """See `Transaktion.inventar`."""
        antal: dict[str, int] = {}
        for en in self.koe.ventende:
            if en.sekvens == sekvens_id:
                antal[en.konvolut.beskedtype] = antal.get(en.konvolut.beskedtype, 0) + 1
        return list(antal.items())

    def beskeder(self, sekvens_id: str, beskedtype: str) -> Sequence[Konvolut]:
        """See `Transaktion.beskeder`."""
        return [
            en.konvolut for en in self.koe.ventende if en.sekvens == sekvens_id and en.konvolut.beskedtype == beskedtype
        ]

    def frigiv(self, sekvens_id: str) -> None:
        """See `Transaktion.frigiv`."""
        self.koe.sekvenser.pop(sekvens_id, None)
        for en in self.koe.ventende:
            if en.sekvens == sekvens_id:
                en.sekvens = None

    def slet_sekvens(self, sekvens_id: str) -> int:
        """See `Transaktion.slet_sekvens`."""
        self.koe.sekvenser.pop(sekvens_id, None)
        foer = len(self.koe.ventende)
        self.koe.ventende = [en for en in self.koe.ventende if en.sekvens != sekvens_id]
        return foer - len(self.koe.ventende)

    def aeldste_sekvens(self) -> datetime | None:
        """See `Transaktion.aeldste_sekvens`."""
        return min((en.aabnet for en in self.koe.sekvenser.values()), default=None)

    def frigiv_aabnet_foer(self, tidspunkt: datetime) -> int:
        """See `Transaktion.frigiv_aabnet_foer`."""
        udloebne = [en.id for en in self.koe.sekvenser.values() if en.aabnet < tidspunkt]
        for sekvens_id in udloebne:
            self.frigiv(sekvens_id)
        return len(udloebne)
