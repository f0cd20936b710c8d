"""Keyed pseudonyms: deterministic, not reversible without the key, and free of collisions (epic AC 1005.17.28.6).

A CPR number is replaced by a number that no human being can have. The possible numbers of a window of birth dates are ranked,
the ranks are permuted by a Feistel network keyed with HMAC-SHA256, and the permuted rank selects one of the window's
pseudonyms. A permutation has no collisions. Kontaktgrupper 12 and 28 end at the age of 30, so a window never crosses that age
on the reference day: a citizen of 30 or more keeps the age in years, a younger citizen keeps the month of birth.
"""

from __future__ import annotations

import hmac
from bisect import bisect_right
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from uuid import UUID

from vos_contracts.model.cpr import PSEUDONYM_REMAINDERS, SYNTHETIC_REMAINDERS, birth_date, remainder_11

TRANSITION_AGE = 30
ROUNDS = 6
"""Rounds of the Feistel network; four are enough with a random round function (Luby and Rackoff, 1988)."""


class InvalidKey(ValueError):
    """The pseudonym key cannot be used; the message gives the reason."""


SMALLEST_KEY = 16
"""Minimum length of the key in bytes."""


class Window:
    """Birth dates within which CPR numbers are exchanged, with their source numbers and pseudonyms."""

    def __init__(self, days: tuple[date, ...]) -> None:
        cells = [
            (day, f"{day:%d%m%y}{digit}")
            for day in days
            for digit in range(10)
            if birth_date(f"{day:%d%m%y}{digit}000") == day
        ]
        self.name = f"{days[0]}/{days[-1]}"
        self._cells = [cell for _, cell in cells]
        self._place = {cell: number for number, cell in enumerate(self._cells)}
        self._sources = [_serial_numbers(cell, SYNTHETIC_REMAINDERS) for cell in self._cells]
        self._target = [_serial_numbers(cell, PSEUDONYM_REMAINDERS) for cell in self._cells]
        self._sources_before = [0, *accumulate(map(len, self._sources))]
        self._target_before = [0, *accumulate(map(len, self._target))]

    @cached_property
    def count(self) -> int:
        """The number of pseudonyms: 1.5 times the number of synthetic CPR numbers."""
        return self._target_before[-1]

    def rank(self, cpr: str) -> int | None:
        """Return the rank of a synthetic CPR number, None for any other number."""
        place, serial_number = self._place.get(cpr[:7]), cpr[7:]
        if place is None or serial_number not in self._sources[place]:
            return None
        return self._sources_before[place] + self._sources[place].index(serial_number)

    def pseudonym(self, number: int) -> str:
        """Return the pseudonym of that rank."""
        place = bisect_right(self._target_before, number) - 1
        return self._cells[place] + self._target[place][number - self._target_before[place]]


class Pseudonyms:
    """The pseudonyms under one key and one reference day; `met_foreign` is set once a number not generated here was given."""

    def __init__(self, key: bytes, reference_day: date) -> None:
        if len(key) < SMALLEST_KEY:
            raise InvalidKey(f"the key has {len(key)} bytes and must have at least {SMALLEST_KEY}")
        self._key = key
        self.reference_day = reference_day
        self.met_foreign = False

    @property
    def fingerprint(self) -> str:
        """A hash that identifies the key without revealing it."""
        return self._hmac("fingerprint").hex()[:16]

    def cpr(self, cpr: str) -> str:
        """Return the pseudonym of a CPR number.

        Unique by construction for the synthetic numbers of this project. Any other number sets `met_foreign` and gets a
        rank from the HMAC alone; the caller must then check for collisions.
        """
        born = birth_date(cpr)
        assert born is not None, "a stage accepts only CPR numbers with a valid birth date"
        window = self._window(born)
        rank = window.rank(cpr)
        if rank is None:
            self.met_foreign = True
            rank = int.from_bytes(self._hmac("foreign", cpr)) % window.count
        return window.pseudonym(self._permute(rank, window))

    def id(self, type_: str, original: str) -> str:
        """Return the pseudonym of an identifier of that type as a UUID of version 8, whose content is free (RFC 9562)."""
        raw = bytearray(self._hmac("id", type_, original)[:16])
        raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
        return str(UUID(bytes=bytes(raw)))

    def dead(self, dead: date | None, born: date) -> date | None:
        """Return the first day of the month of death, but never a day before the pseudonym's birth date `born`."""
        return None if dead is None else max(dead.replace(day=1), born)

    def _window(self, born: date) -> Window:
        age = _age(born, self.reference_day)
        key = (age,) if age >= TRANSITION_AGE else (born.year, born.month)
        return _window(key, self.reference_day)

    def _permute(self, number: int, window: Window) -> int:
        """Permute the ranks below `window.count` with a Feistel network and cycle walking.

        Cycle walking: Black and Rogaway, Ciphers with Arbitrary Finite Domains, 2002.
        """
        half = (window.count.bit_length() + 1) // 2
        mask = (1 << half) - 1
        while True:
            left, right = number >> half, number & mask
            for round_ in range(ROUNDS):
                mixed = int.from_bytes(self._hmac("cpr", window.name, f"{round_}", f"{right}")[:8])
                left, right = right, left ^ mixed & mask
            number = left << half | right
            if number < window.count:
                return number

    def _hmac(self, *parts: str) -> bytes:
        return hmac.digest(self._key, "\0".join(parts).encode(), "sha256")


@lru_cache(maxsize=512)
def _window(key: tuple[int, ...], reference_day: date) -> Window:
    """Make the window of an age in years, or of a year and month of birth; without 1 January, see `vos_simulators.people`."""
    if len(key) == 1:
        (age,) = key
        days = _since(date(reference_day.year - age - 1, reference_day.month, 1), 400)
        days = [day for day in days if _age(day, reference_day) == age]
    else:
        year, month = key
        days = [day for day in _since(date(year, month, 1), 31) if day.month == month]
        days = [day for day in days if _age(day, reference_day) < TRANSITION_AGE]
    return Window(tuple(day for day in days if (day.month, day.day) != (1, 1)))


def _since(first: date, count: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(count)]


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _serial_numbers(cell: str, remainders: frozenset[int]) -> tuple[str, ...]:
    return _digits_for(remainder_11(cell + "000"), remainders)


@lru_cache(maxsize=32)
def _digits_for(rest: int, remainders: frozenset[int]) -> tuple[str, ...]:
    """List the three last digits that give the whole number one of those modulus 11 remainders."""
    candidates = (f"{number:03d}" for number in range(1000))
    return tuple(digits for digits in candidates if (rest + remainder_11("0000000" + digits)) % 11 in remainders)
