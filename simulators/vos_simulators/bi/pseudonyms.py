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

from vos_contracts.model.cpr import PSEUDONYM_REST, SYNTHETIC_REST, birth_date, rest_11

TRANSITION_AGE = 30
ROUNDS = 6
"""Rounds of the Feistel network under the permutation; four are enough for a random function (Luby and Rackoff, 1988)."""


class KeyErrors(ValueError):
    """The key cannot be used; the message says why."""


SMALLEST_KEY = 16
"""Bytes."""


class Window:
    """Birth dates whose citizens stand for each other: their numbers, and the pseudonyms that they can get."""

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
        self._sources = [_serial_numbers(cell, SYNTHETIC_REST) for cell in self._cells]
        self._target = [_serial_numbers(cell, PSEUDONYM_REST) for cell in self._cells]
        self._sources_before = [0, *accumulate(map(len, self._sources))]
        self._target_before = [0, *accumulate(map(len, self._target))]

    @cached_property
    def count(self) -> int:
        """Count the pseudonyms; there are half as many again as there are synthetic citizens."""
        return self._target_before[-1]

    def rank(self, cpr: str) -> int | None:
        """Number a synthetic citizen; None for a number of another kind."""
        place, serial_number = self._place.get(cpr[:7]), cpr[7:]
        if place is None or serial_number not in self._sources[place]:
            return None
        return self._sources_before[place] + self._sources[place].index(serial_number)

    def pseudonym(self, number: int) -> str:
        """Return the pseudonym with that number."""
        place = bisect_right(self._target_before, number) - 1
        return self._cells[place] + self._target[place][number - self._target_before[place]]


class Pseudonyms:
    """The pseudonyms of one key and one reference day."""

    def __init__(self, key: bytes, reference_day: date) -> None:
        if len(key) < SMALLEST_KEY:
            raise KeyErrors(f"the key has {len(key)} bytes and must have at least {SMALLEST_KEY}")
        self._key = key
        self.reference_day = reference_day
        self.met_foreign = False

    @property
    def fingerprint(self) -> str:
        """Name the key without giving it away."""
        return self._hmac("fingerprint").hex()[:16]

    def cpr(self, cpr: str) -> str:
        """Return the number that stands for this one.

        Unique by construction for the synthetic citizens of this project. For another number (`met_foreign` is set) it is
        drawn by the key alone, and the reader must look for two alike.
        """
        born = birth_date(cpr)
        assert born is not None, "a stage holds numbers with a date only"
        window = self._window(born)
        rank = window.rank(cpr)
        if rank is None:
            self.met_foreign = True
            rank = int.from_bytes(self._hmac("foreign", cpr)) % window.count
        return window.pseudonym(self._mix(rank, window))

    def id(self, variant: str, original: str) -> str:
        """Return the uuid that stands for an identifier of that kind; version 8, whose bits are free (RFC 9562)."""
        raw = bytearray(self._hmac("id", variant, original)[:16])
        raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
        return str(UUID(bytes=bytes(raw)))

    def dead(self, dead: date | None, born: date) -> date | None:
        """Return the first of the month of death, never before the birth date that stands for the real one."""
        return None if dead is None else max(dead.replace(day=1), born)

    def _window(self, born: date) -> Window:
        age = _age(born, self.reference_day)
        key = (age,) if age >= TRANSITION_AGE else (born.year, born.month)
        return _window(key, self.reference_day)

    def _mix(self, number: int, window: Window) -> int:
        """Permute the numbers below `window.count`: a Feistel network, walked until it lands among them.

        Cycle walking is Black and Rogaway's (Ciphers with Arbitrary Finite Domains, 2002).
        """
        half = (window.count.bit_length() + 1) // 2
        mask = (1 << half) - 1
        while True:
            left, right = number >> half, number & mask
            for round in range(ROUNDS):
                shot = int.from_bytes(self._hmac("cpr", window.name, f"{round}", f"{right}")[:8])
                left, right = right, left ^ shot & mask
            number = left << half | right
            if number < window.count:
                return number

    def _hmac(self, *parts: str) -> bytes:
        return hmac.digest(self._key, "\0".join(parts).encode(), "sha256")


@lru_cache(maxsize=512)
def _window(key: tuple[int, ...], reference_day: date) -> Window:
    """Make the window of those of an age, or of those born in a month; 1 January is left out: it may be somebody's."""
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


def _serial_numbers(cell: str, remains: frozenset[int]) -> tuple[str, ...]:
    return _after_rest(rest_11(cell + "000"), remains)


@lru_cache(maxsize=32)
def _after_rest(rest: int, remains: frozenset[int]) -> tuple[str, ...]:
    """List the last three digits after which the whole number leaves one of those remainders."""
    everyone = (f"{number:03d}" for number in range(1000))
    return tuple(one_item for one_item in everyone if (rest + rest_11("0000000" + one_item)) % 11 in remains)
