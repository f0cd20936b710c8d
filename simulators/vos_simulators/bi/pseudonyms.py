"""Pseudonyms: keyed, the same every time, not to be undone without the key, and never two alike (epic AC 1005.17.28.6).

A CPR number becomes one of a citizen who cannot exist. The citizens of a window of birth dates are numbered, the numbers are
shuffled by a permutation keyed with HMAC-SHA256, and each new number is looked up among the window's pseudonyms: so two can
never meet. A window keeps everybody on the same side of 30 years on the reference day, because groups 12 and 28 end there: who
has filled 30 keeps the age in years, who has not keeps the month of birth, and with it the month of the 30th birthday.
"""

from __future__ import annotations

import hmac
from bisect import bisect_right
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from uuid import UUID

from vos_contracts.model.cpr import PSEUDONYM_REST, SYNTETISK_REST, foedselsdato, rest_11

OVERGANGSALDER = 30
RUNDER = 6
"""Rounds of the Feistel network under the permutation; four are enough for a random function (Luby and Rackoff, 1988)."""


class Noeglefejl(ValueError):
    """The key cannot be used; the message says why."""


MINDSTE_NOEGLE = 16
"""Bytes."""


class Vindue:
    """Birth dates whose citizens stand for each other: their numbers, and the pseudonyms that they can get."""

    def __init__(self, dage: tuple[date, ...]) -> None:
        celler = [
            (dag, f"{dag:%d%m%y}{ciffer}")
            for dag in dage
            for ciffer in range(10)
            if foedselsdato(f"{dag:%d%m%y}{ciffer}000") == dag
        ]
        self.navn = f"{dage[0]}/{dage[-1]}"
        self._celler = [celle for _, celle in celler]
        self._sted = {celle: nummer for nummer, celle in enumerate(self._celler)}
        self._kilder = [_loebenumre(celle, SYNTETISK_REST) for celle in self._celler]
        self._maal = [_loebenumre(celle, PSEUDONYM_REST) for celle in self._celler]
        self._kilder_foer = [0, *accumulate(map(len, self._kilder))]
        self._maal_foer = [0, *accumulate(map(len, self._maal))]

    @cached_property
    def antal(self) -> int:
        """Count the pseudonyms; there are half as many again as there are synthetic citizens."""
        return self._maal_foer[-1]

    def rang(self, cpr: str) -> int | None:
        """Number a synthetic citizen; None for a number of another kind."""
        sted, loebenummer = self._sted.get(cpr[:7]), cpr[7:]
        if sted is None or loebenummer not in self._kilder[sted]:
            return None
        return self._kilder_foer[sted] + self._kilder[sted].index(loebenummer)

    def pseudonym(self, nummer: int) -> str:
        """Return the pseudonym with that number."""
        sted = bisect_right(self._maal_foer, nummer) - 1
        return self._celler[sted] + self._maal[sted][nummer - self._maal_foer[sted]]


class Pseudonymer:
    """The pseudonyms of one key and one reference day."""

    def __init__(self, noegle: bytes, referencedag: date) -> None:
        if len(noegle) < MINDSTE_NOEGLE:
            raise Noeglefejl(f"the key has {len(noegle)} bytes and must have at least {MINDSTE_NOEGLE}")
        self._noegle = noegle
        self.referencedag = referencedag
        self.moedte_fremmede = False

    @property
    def fingeraftryk(self) -> str:
        """Name the key without giving it away."""
        return self._hmac("fingeraftryk").hex()[:16]

    def cpr(self, cpr: str) -> str:
        """Return the number that stands for this one.

        Unique by construction for the synthetic citizens of this project. For another number (`moedte_fremmede` is set) it is
        drawn by the key alone, and the reader must look for two alike.
        """
        foedt = foedselsdato(cpr)
        assert foedt is not None, "a stage holds numbers with a date only"
        vindue = self._vindue(foedt)
        rang = vindue.rang(cpr)
        if rang is None:
            self.moedte_fremmede = True
            rang = int.from_bytes(self._hmac("fremmed", cpr)) % vindue.antal
        return vindue.pseudonym(self._bland(rang, vindue))

    def id(self, slags: str, original: str) -> str:
        """Return the uuid that stands for an identifier of that kind; version 8, whose bits are free (RFC 9562)."""
        raa = bytearray(self._hmac("id", slags, original)[:16])
        raa[6], raa[8] = raa[6] & 0x0F | 0x80, raa[8] & 0x3F | 0x80
        return str(UUID(bytes=bytes(raa)))

    def doed(self, doed: date | None, foedt: date) -> date | None:
        """Return the first of the month of death, never before the birth date that stands for the real one."""
        return None if doed is None else max(doed.replace(day=1), foedt)

    def _vindue(self, foedt: date) -> Vindue:
        alder = _alder(foedt, self.referencedag)
        noegle = (alder,) if alder >= OVERGANGSALDER else (foedt.year, foedt.month)
        return _vindue(noegle, self.referencedag)

    def _bland(self, nummer: int, vindue: Vindue) -> int:
        """Permute the numbers below `vindue.antal`: a Feistel network, walked until it lands among them.

        Cycle walking is Black and Rogaway's (Ciphers with Arbitrary Finite Domains, 2002).
        """
        halv = (vindue.antal.bit_length() + 1) // 2
        maske = (1 << halv) - 1
        while True:
            venstre, hoejre = nummer >> halv, nummer & maske
            for runde in range(RUNDER):
                skud = int.from_bytes(self._hmac("cpr", vindue.navn, f"{runde}", f"{hoejre}")[:8])
                venstre, hoejre = hoejre, venstre ^ skud & maske
            nummer = venstre << halv | hoejre
            if nummer < vindue.antal:
                return nummer

    def _hmac(self, *dele: str) -> bytes:
        return hmac.digest(self._noegle, "\0".join(dele).encode(), "sha256")


@lru_cache(maxsize=512)
def _vindue(noegle: tuple[int, ...], referencedag: date) -> Vindue:
    """Make the window of those of an age, or of those born in a month; 1 January is left out: it may be somebody's."""
    if len(noegle) == 1:
        (alder,) = noegle
        dage = _fra(date(referencedag.year - alder - 1, referencedag.month, 1), 400)
        dage = [dag for dag in dage if _alder(dag, referencedag) == alder]
    else:
        aar, maaned = noegle
        dage = [dag for dag in _fra(date(aar, maaned, 1), 31) if dag.month == maaned]
        dage = [dag for dag in dage if _alder(dag, referencedag) < OVERGANGSALDER]
    return Vindue(tuple(dag for dag in dage if (dag.month, dag.day) != (1, 1)))


def _fra(foerste: date, antal: int) -> list[date]:
    return [foerste + timedelta(days=nummer) for nummer in range(antal)]


def _alder(foedt: date, dag: date) -> int:
    return dag.year - foedt.year - ((dag.month, dag.day) < (foedt.month, foedt.day))


def _loebenumre(celle: str, rester: frozenset[int]) -> tuple[str, ...]:
    return _efter_rest(rest_11(celle + "000"), rester)


@lru_cache(maxsize=32)
def _efter_rest(rest: int, rester: frozenset[int]) -> tuple[str, ...]:
    """List the last three digits after which the whole number leaves one of those remainders."""
    alle = (f"{nummer:03d}" for nummer in range(1000))
    return tuple(en for en in alle if (rest + rest_11("0000000" + en)) % 11 in rester)
