"""CPR numbers: the documented pattern, the birth date, and whether a number could have been issued.

Sources: the pattern is on every method page (FYS); century by the 7th digit and modulus 11 from the CPR office,
"Opbygning af CPR-nummeret" and "Personnumre uden kontrolciffer (modulus 11 kontrol)" on cpr.dk.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

PATTERN = (
    r"((((0[1-9]|1[0-9]|2[0-9]|3[0-1])(01|03|05|07|08|10|12))|((0[1-9]|1[0-9]|2[0-9]|30)(04|06|09|11))"
    r"|((0[1-9]|1[0-9]|2[0-9])(02)))[0-9]{6})|0000000000"
)
_PATTERN = re.compile(PATTERN)
SYNTHETIC_REMAINDERS = frozenset({1, 2, 3, 4})
"""Modulus 11 remainders of synthetic citizens' numbers; a valid number has remainder 0."""
PSEUDONYM_REMAINDERS = frozenset({5, 6, 7, 8, 9, 10})
"""Remainders of the numbers in pseudonymised extracts; disjoint from those of synthetic citizens."""
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


@lru_cache(maxsize=4096)
def birth_date(cpr: str) -> date | None:
    """Return the birth date in a CPR number, or None if the number breaks the pattern or carries no date (error 1001)."""
    if not _PATTERN.fullmatch(cpr):
        return None
    day, month, year, seventh = int(cpr[:2]), int(cpr[2:4]), int(cpr[4:6]), int(cpr[6])
    try:
        return date(_century(year, seventh) + year, month, day)
    except ValueError:
        return None


def _century(year: int, seventh: int) -> int:
    if seventh <= 3:
        return 1900
    if seventh in {4, 9}:
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def fulfils_modulus_11(cpr: str) -> bool:
    """Return whether the ten digits satisfy the modulus 11 check, which every number issued before October 2007 does."""
    return remainder_11(cpr) == 0


def remainder_11(cpr: str) -> int:
    """Return the remainder of the modulus 11 check over the ten digits."""
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, cpr, strict=True)) % 11


def could_be_issued(cpr: str) -> bool:
    """Return whether a number could have been issued.

    Numbers that fail modulus 11 have been issued for birth dates on 1 January only (cpr.dk, list of 10-05-2023: 1 January of
    1960 to 1994). A number of any other date that fails the check therefore belongs to nobody. A number without a date cannot
    be issued either, but every service refuses it (1001), so it is useless for a test citizen.
    """
    born = birth_date(cpr)
    if born is None:
        return False
    return fulfils_modulus_11(cpr) or (born.month, born.day) == (1, 1)


def masked(cpr: str) -> str:
    """Return the number with its serial part hidden; the birth date stays readable."""
    return f"{cpr[:6]}xxxx" if len(cpr) == 10 else cpr
