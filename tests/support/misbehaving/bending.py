"""How a reference is made to misbehave: a function or constant is replaced, or a table of its contract is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest.mock import patch

from vos_contracts.contract import Contract
from vos_reference import bootstrap
from vos_reference.config import Configuration

Builder = Callable[[Configuration, Contract], "Bent"]
TableChange = Callable[[Contract], Contract]
MISBEHAVING: dict[str, Builder] = {}
"""Every misbehaving reference by its name."""
Place = tuple[object, str]
"""A module or class, and the name of the attribute that is replaced."""
PLACES: dict[str, tuple[Place, ...]] = {}
"""The functions that each misbehaving reference replaces; a scenario that calls none of them cannot fail because of it.

Empty for a changed table that any function may read.
"""


@dataclass
class Bent:
    """A reference whose code stays patched until it is closed."""

    application: bootstrap.Application
    patches: list[Any]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.application, name)

    def close(self) -> None:
        self.application.close()
        for patcher in self.patches:
            patcher.stop()


def bender(*places: Place) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Replace functions of the reference; the replacement gets the original function and then the arguments of the call."""

    def register(replacement: Callable[..., Any]) -> Callable[..., Any]:
        def build(configuration: Configuration, contract: Contract) -> Bent:
            patches = []
            for place, name in places:
                bound = partial(replacement, getattr(place, name))
                patches.append(patch.object(place, name, _method(bound) if isinstance(place, type) else bound))
            for patcher in patches:
                patcher.start()
            return Bent(bootstrap.build(configuration, contract), patches)

        _require(places)
        MISBEHAVING[replacement.__name__], PLACES[replacement.__name__] = build, places
        return replacement

    return register


def sets(
    place: object, name: str, value: object, *used_in: Place
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Give a constant of the reference another value; `used_in` are the functions that read it."""

    def register(marker: Callable[[], None]) -> Callable[[], None]:
        def build(configuration: Configuration, contract: Contract) -> Bent:
            patcher: Any = patch.object(place, name, value)
            patcher.start()
            return Bent(bootstrap.build(configuration, contract), [patcher])

        _require(((place, name), *used_in))
        MISBEHAVING[marker.__name__], PLACES[marker.__name__] = build, used_in
        return marker

    return register


def bender_table(*used_in: Place) -> Callable[[TableChange], TableChange]:
    """Change the contract that the reference, and it alone, reads; `used_in` are the functions that read the change there."""

    def register(change: TableChange) -> TableChange:
        def build(configuration: Configuration, contract: Contract) -> Bent:
            return Bent(bootstrap.build(configuration, change(contract)), [])

        _require(used_in)
        MISBEHAVING[change.__name__], PLACES[change.__name__] = build, used_in
        return change

    return register


class Trace:
    """Builds a correct reference that records which of the replaceable functions have been called."""

    def __init__(self) -> None:
        self._called: set[str] = set()

    def __call__(self, configuration: Configuration, contract: Contract) -> Bent:
        """Build it."""
        places = dict.fromkeys(place for places in PLACES.values() for place in places)
        patches: list[Any] = [patch.object(place, name, self._recorded(place, name)) for place, name in places]
        for patcher in patches:
            patcher.start()
        return Bent(bootstrap.build(configuration, contract), patches)

    def take(self) -> frozenset[str]:
        """Return the misbehaving references that the calls since the last time could have revealed."""
        called, self._called = frozenset(self._called), set()
        return frozenset(
            misbehaving
            for misbehaving, places in PLACES.items()
            if not places or any(_name(*place) in called for place in places)
        )

    def _recorded(self, place: object, name: str) -> Callable[..., Any]:
        original, key = getattr(place, name), _name(place, name)

        def recorded(*arguments: Any, **named: Any) -> Any:
            self._called.add(key)
            return original(*arguments, **named)

        return recorded


def _require(places: tuple[Place, ...]) -> None:
    """Fail at import where the reference no longer has an attribute: the replacement would change nothing."""
    missing = [_name(place, name) for place, name in places if not hasattr(place, name)]
    assert not missing, f"the reference has no {', '.join(missing)}"


def _name(place: object, name: str) -> str:
    return f"{getattr(place, '__module__', '')}.{getattr(place, '__name__', '')}.{name}"


def _method(bound: Callable[..., Any]) -> Callable[..., Any]:
    return lambda instance, *arguments: bound(instance, *arguments)
