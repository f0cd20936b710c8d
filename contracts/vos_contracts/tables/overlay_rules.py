"""Rules for names and HTTP statuses, checked when an overlay is loaded.

Only rows that the overlay changed are checked. Not here: whether it may change them (`vos_contracts.tables.table`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from vos_contracts.tables.table import TABLE_FORMS, Table, TableError, load

_Rule = tuple[Callable[[str], object], str]
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NCNAME = re.compile(r"[^\W\d][\w.\-]*")
_PATH = re.compile(r"/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-]")
_SEGMENT = re.compile(r"[A-Za-z0-9._~-]+")
_NAMESPACE = re.compile(r"[^\s<>\"{}|\\^`]+")
_BROKER = re.compile(r"(?!amq\.)[A-Za-z0-9._:-]{1,120}")
_NAMES: Mapping[str, _Rule] = MappingProxyType(
    {
        "header": (_TOKEN.fullmatch, "must be an HTTP header name (RFC 9110 token)"),
        "json": (re.compile(r"[A-Za-z_][\w-]*").fullmatch, "must be a JSON member name of letters, digits, _ and -"),
        "namespace": (_NAMESPACE.fullmatch, "must be a URI"),
        "element": (_NCNAME.fullmatch, "must be an XML name without a colon"),
        "broker": (
            _BROKER.fullmatch,
            "must be a name on a broker: letters, digits and ._:- and not beginning with amq.",
        ),
        "topic": (re.compile(r"[A-Za-z0-9_-]{1,40}").fullmatch, "must be one word of a routing key"),
    }
)


def check(tables: Mapping[str, Table]) -> None:
    """Check every changed row.

    Raises:
        TableError: names the table, the key, the value and the rule.
    """
    for breach in (*_name_breach(tables["names"]), *_status_breach(tables["errors"])):
        raise TableError(breach)


def _name_breach(table: Table) -> Iterator[str]:
    for (key,), row in table.items():
        if not row.overlaid:
            continue
        variant, value = key.partition(".")[0], row["value"]
        where = f"{row.source}: names/{key}: {value!r}"
        matches, rule = _rule(key)
        if not matches(value):
            yield f"{where} {rule}"
        for (other,), item in table.items():
            if other != key and _same_scope(key, other) and item["value"].lower() == value.lower():
                yield f"{where} is the name of {other} already"
        if variant == "order" and set(value.split()) != set(_shipped(key).split()):
            yield f"{where} must hold the same names in another order: {_shipped(key)}"


def _rule(key: str) -> _Rule:
    variant = key.partition(".")[0]
    if variant == "path":
        if _shipped(key).startswith("/"):
            return _PATH.fullmatch, "must be a path that begins with / and has no variable in it"
        return _SEGMENT.fullmatch, "must be one segment of a path"
    return _NAMES.get(variant, (bool, "must not be empty"))


def _same_scope(text: str, other: str) -> bool:
    """Return whether two names must differ: names of one kind, and elements of one service."""
    variant = text.partition(".")[0]
    if variant == "order":
        return False
    if variant == "element":
        return text.rpartition(".")[0] == other.rpartition(".")[0]
    return variant == other.partition(".")[0]


def _shipped(key: str) -> str:
    return load(TABLE_FORMS["names"])[(key,)]["value"]


def _status_breach(table: Table) -> Iterator[str]:
    for (code,), row in table.items():
        status = row["http_status"]
        if "http_status" in row.overlaid and not (status.isdigit() and 400 <= int(status) <= 599):
            yield f"{row.source}: errors/{code}.http_status: {status!r} must be a number 400-599"
