"""Schema violations as errors that a caller can read: the element and the rule, without namespaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError

_ELEMENT = re.compile(r"^Element '(?:\{[^}]*\})?([^']*)'(?:, attribute '[^']*')?: ?")
_FACET = re.compile(r"^\[facet '[^']*'\] ")
_NAMESPACE = re.compile(r"\{(?:https?|urn):[^}]*\}")
_CPR = "PersonCivilRegistrationIdentifier"
INVALID_CPR = 1001
AT_MOST = 20
"""The maximum number of errors reported for one message."""


def schema_errors(breach: Iterable[str], code: int = INVALID_REQUEST) -> list[ServiceError]:
    """Turn schema violations into errors with that code; a CPR number that breaks its pattern is 1001."""
    errors: dict[str, ServiceError] = {}
    for name, rule in _violations(breach):
        number = INVALID_CPR if name == _CPR and "pattern" in rule and code == INVALID_REQUEST else code
        errors.setdefault(name, ServiceError(number, f"{name}: {rule}"))
        if len(errors) == AT_MOST:
            break
    return list(errors.values())


def _violations(breach: Iterable[str]) -> Iterator[tuple[str, str]]:
    for message in breach:
        match = _ELEMENT.match(message)
        name = match[1] if match else "konvolutten"
        rule = _FACET.sub("", message[match.end() :] if match else message)
        yield name, _NAMESPACE.sub("", rule).strip()
