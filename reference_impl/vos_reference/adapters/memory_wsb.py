"""The webservice messages' part of the store in memory: systems, subscriptions, and the lines that messages wait in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from vos_contracts.identitet import Organisation
from vos_reference.application.wsbport import (
    Abonnement,
    Doedbesked,
    Forsendelse,
    Modtagerstand,
    Subscribersystem,
    Wsbkonvolut,
    Wsbmodtager,
    adresse,
)


@dataclass(frozen=True, slots=True)
class Ventende:
    """A message that was not delivered: due at `naeste` if it is the first of its line, or dead."""

    konvolut: Wsbkonvolut
    naeste: datetime | None
    forsoeg: int = 0
    doed: bool = False
    grund: str = ""


@dataclass(slots=True)
class Wsbtilstande:
    """Who subscribes and what waits; the numbers go on when the rest is forgotten."""

    naeste_nr: int = 1
    systemer: dict[str, Subscribersystem] = field(default_factory=dict)
    abonnementer: dict[tuple[Wsbmodtager, int], Abonnement] = field(default_factory=dict)
    beskeder: dict[int, Ventende] = field(default_factory=dict)

    def kopi(self) -> Wsbtilstande:
        """Copy, for a transaction to work on."""
        return Wsbtilstande(self.naeste_nr, dict(self.systemer), dict(self.abonnementer), dict(self.beskeder))

    def tomt(self) -> Wsbtilstande:
        """Forget everything but the numbers."""
        return Wsbtilstande(self.naeste_nr)


class MemoryWsb:
    """Reads and writes on one copy of the messages."""

    wsb: Wsbtilstande

    def gem_subscribersystem(self, system: Subscribersystem) -> None:
        """See `Wsbtransaktion.gem_subscribersystem`."""
        self.wsb.systemer[system.id] = system

    def find_subscribersystem(self, system_id: str) -> Subscribersystem | None:
        """See `Wsbtransaktion.find_subscribersystem`."""
        return self.wsb.systemer.get(system_id)

    def abonnementer(self, system_id: str) -> Sequence[Abonnement]:
        """See `Wsbtransaktion.abonnementer`."""
        egne = (en for (modtager, _), en in self.wsb.abonnementer.items() if modtager.system == system_id)
        return sorted(egne, key=lambda en: (en.modtager, en.entitet_id))

    def slet_abonnement(self, abonnement: Abonnement) -> None:
        """See `Wsbtransaktion.slet_abonnement`."""
        self.wsb.abonnementer.pop((abonnement.modtager, abonnement.entitet_id), None)
        for nr, en in [*self.wsb.beskeder.items()]:
            if (en.konvolut.modtager, en.konvolut.entitet_id) == (abonnement.modtager, abonnement.entitet_id):
                del self.wsb.beskeder[nr]
        for borger in {en.konvolut.borger_id for en in self.wsb.beskeder.values()}:
            forrest = self._forrest(abonnement.modtager, borger)
            if forrest is not None and self.wsb.beskeder[forrest].naeste is None:
                en = self.wsb.beskeder[forrest]
                self.wsb.beskeder[forrest] = replace(en, naeste=en.konvolut.lagt)

    def gem_abonnement(self, abonnement: Abonnement) -> None:
        """See `Wsbtransaktion.gem_abonnement`."""
        self.wsb.abonnementer[abonnement.modtager, abonnement.entitet_id] = abonnement

    def gaeldende_abonnementer(self, organisation: Organisation, entitet_id: int, dag: date) -> Sequence[Abonnement]:
        """See `Wsbtransaktion.gaeldende_abonnementer`."""
        fundne = (
            en
            for en in self.wsb.abonnementer.values()
            if (en.modtager.organisation, en.entitet_id) == (organisation, entitet_id)
            and en.fra <= dag
            and (en.til is None or en.til >= dag)
        )
        return sorted(fundne, key=lambda en: en.modtager)

    def laeg_wsb(self, konvolutter: Sequence[Wsbkonvolut]) -> None:
        """See `Wsbtransaktion.laeg_wsb`."""
        for en in konvolutter:
            forrest = self._forrest(en.modtager, en.borger_id) is None
            self.wsb.beskeder[self.wsb.naeste_nr] = Ventende(en, en.lagt if forrest else None)
            self.wsb.naeste_nr += 1

    def forfaldne_modtagere(self, now: datetime) -> Sequence[Wsbmodtager]:
        """See `Wsbtransaktion.forfaldne_modtagere`."""
        return sorted({en.konvolut.modtager for _, _, en in self._forfaldne(now)})

    def forfaldne_forsendelser(self, modtager: Wsbmodtager, now: datetime, antal: int) -> Sequence[Forsendelse]:
        """See `Wsbtransaktion.forfaldne_forsendelser`."""
        egne = [(nr, en) for _, nr, en in sorted(self._forfaldne(now)) if en.konvolut.modtager == modtager]
        return [Forsendelse(nr, en.konvolut, self._adresse(en.konvolut), en.forsoeg) for nr, en in egne[:antal]]

    def leveret(self, nr: int, now: datetime) -> None:
        """See `Wsbtransaktion.leveret`."""
        en = self.wsb.beskeder.get(nr)
        if en is not None and not en.doed:
            del self.wsb.beskeder[nr]
            self._videre(en, now)

    def udskyd(self, nr: int, naeste: datetime, grund: str) -> None:
        """See `Wsbtransaktion.udskyd`."""
        en = self.wsb.beskeder.get(nr)
        if en is not None and not en.doed:
            self.wsb.beskeder[nr] = replace(en, naeste=naeste, forsoeg=en.forsoeg + 1, grund=grund)

    def opgiv(self, nr: int, now: datetime, grund: str) -> None:
        """See `Wsbtransaktion.opgiv`."""
        en = self.wsb.beskeder.get(nr)
        if en is not None and not en.doed:
            self.wsb.beskeder[nr] = replace(en, naeste=None, forsoeg=en.forsoeg + 1, doed=True, grund=grund)
            self._videre(en, now)

    def genspil(self, besked_ider: Collection[str] | None) -> int:
        """See `Wsbtransaktion.genspil`."""
        doede = [(nr, en) for nr, en in self.wsb.beskeder.items() if en.doed]
        valgte = [(nr, en) for nr, en in doede if besked_ider is None or en.konvolut.id in besked_ider]
        for nr, en in valgte:
            del self.wsb.beskeder[nr]
            self.laeg_wsb([en.konvolut])
        return len(valgte)

    def doede(self, antal: int) -> Sequence[Doedbesked]:
        """See `Wsbtransaktion.doede`."""
        doede = [en for en in self.wsb.beskeder.values() if en.doed]
        return [Doedbesked(en.konvolut, en.forsoeg, en.grund) for en in doede[:antal]]

    def modtagerstande(self) -> Sequence[Modtagerstand]:
        """See `Wsbtransaktion.modtagerstande`."""
        beskeder = self.wsb.beskeder.values()
        modtagere = {en.konvolut.modtager for en in beskeder} | {modtager for modtager, _ in self.wsb.abonnementer}
        stande = []
        for modtager in sorted(modtagere):
            egne = [en for en in beskeder if en.konvolut.modtager == modtager]
            doede = sum(en.doed for en in egne)
            naeste = min((en.naeste for en in egne if en.naeste is not None), key=_utc, default=None)
            stande.append(Modtagerstand(modtager, len(egne) - doede, doede, naeste))
        return stande

    def naeste_forsoeg(self) -> datetime | None:
        """See `Wsbtransaktion.naeste_forsoeg`."""
        tider = (en.naeste for en in self.wsb.beskeder.values() if en.naeste is not None)
        return min(tider, key=_utc, default=None)

    def _forfaldne(self, now: datetime) -> Iterator[tuple[datetime, int, Ventende]]:
        for nr, en in self.wsb.beskeder.items():
            if en.naeste is not None and _utc(en.naeste) <= _utc(now):
                yield _utc(en.naeste), nr, en

    def _forrest(self, modtager: Wsbmodtager, borger_id: str) -> int | None:
        linje = (
            nr
            for nr, en in self.wsb.beskeder.items()
            if not en.doed and (en.konvolut.modtager, en.konvolut.borger_id) == (modtager, borger_id)
        )
        return min(linje, default=None)

    def _videre(self, fra: Ventende, now: datetime) -> None:
        nr = self._forrest(fra.konvolut.modtager, fra.konvolut.borger_id)
        if nr is not None:
            self.wsb.beskeder[nr] = replace(self.wsb.beskeder[nr], naeste=now)

    def _adresse(self, konvolut: Wsbkonvolut) -> str:
        abonnement = self.wsb.abonnementer[konvolut.modtager, konvolut.entitet_id]
        return adresse(self.wsb.systemer[konvolut.modtager.system].base_url, abonnement.webhook)


def _utc(tidspunkt: datetime) -> datetime:
    return tidspunkt.astimezone(UTC)
