"""How a reference is bent: a function of it is given another, or a table of its contract is changed."""

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
Place = tuple[object, str]
PLACES: dict[str, tuple[Place, ...]] = {}
"""The functions that whoever misbehaves bends: a scene that calls none of them cannot tell. None are known of a bent table."""


@dataclass
class Bent:
    """A reference whose code is patched until it is closed."""

    application: bootstrap.Application
    patches: list[Any]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.application, name)

    def close(self) -> None:
        self.application.close()
        for fix in self.patches:
            fix.stop()


def bender(*places: Place) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let the function stand in for those of the reference; it is given the right one and what that is called with."""

    def misbehaver(new: Callable[..., Any]) -> Callable[..., Any]:
        def build(configuration: Configuration, contract: Contract) -> Bent:
            patches = []
            for place, name in places:
                real = getattr(place, name)
                state_in = partial(new, real)
                patches.append(patch.object(place, name, _method(state_in) if isinstance(place, type) else state_in))
            for fix in patches:
                fix.start()
            return Bent(bootstrap.build(configuration, contract), patches)

        MISBEHAVING[new.__name__], PLACES[new.__name__] = build, places
        return new

    return misbehaver


def sets(place: object, name: str, value: object, *used_i: Place) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Give a constant of the reference another value; `used_i` are the functions that use it."""

    def misbehaver(new: Callable[[], None]) -> Callable[[], None]:
        def build(configuration: Configuration, contract: Contract) -> Bent:
            fix: Any = patch.object(place, name, value)
            fix.start()
            return Bent(bootstrap.build(configuration, contract), [fix])

        MISBEHAVING[new.__name__], PLACES[new.__name__] = build, used_i
        return new

    return misbehaver


def bender_table(*used_i: Place) -> Callable[[TableChange], TableChange]:
    """Let the reference, and it alone, read the contract so; `used_i` are the functions that read it there, if not all do."""

    def misbehaver(new: TableChange) -> TableChange:
        def build(configuration: Configuration, contract: Contract) -> Bent:
            return Bent(bootstrap.build(configuration, new(contract)), [])

        MISBEHAVING[new.__name__], PLACES[new.__name__] = build, used_i
        return new

    return misbehaver


class Trace:
    """The innocent, who remembers which of the functions that others bend have been called."""

    def __init__(self) -> None:
        self._called: set[str] = set()

    def __call__(self, configuration: Configuration, contract: Contract) -> Bent:
        """Build it."""
        places = dict.fromkeys(place for places in PLACES.values() for place in places)
        patches: list[Any] = [patch.object(place, name, self._recorded(place, name)) for place, name in places]
        for fix in patches:
            fix.start()
        return Bent(bootstrap.build(configuration, contract), patches)

    def tag(self) -> frozenset[str]:
        """Return whom the calls since last time would have given away."""
        called, self._called = frozenset(self._called), set()
        return frozenset(
            item for item, places in PLACES.items() if not places or any(_name(*place) in called for place in places)
        )

    def _recorded(self, place: object, name: str) -> Callable[..., Any]:
        real, key = getattr(place, name), _name(place, name)

        def recorded(*arguments: Any, **andre: Any) -> Any:
            self._called.add(key)
            return real(*arguments, **andre)

        return recorded


def _name(place: object, name: str) -> str:
    return f"{getattr(place, '__module__', '')}.{getattr(place, '__name__', '')}.{name}"


def _method(state_in: Callable[..., Any]) -> Callable[..., Any]:
    return lambda itself, *arguments: state_in(itself, *arguments)
