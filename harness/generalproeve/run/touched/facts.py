"""The facts (rows of the contract's tables) that a step depends on: found in its calls, responses, messages and text.

A verdict that depends on an assumed fact is no more certain than that fact. `TOUCHED` holds the condition for each table.
Not here: the layout of reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generalproeve.run.evidence import CallEvidence, MessageEvidence
from generalproeve.run.touched.mentioned import Mentioned, MentionReader
from vos_contracts.contract import Contract
from vos_contracts.tables.table import Certainty, Key, Row
from vos_contracts.wire.calls import soap_service

AKASSE = "2"
_GROUP = re.compile(r"\b(?:kontaktgruppe|gruppe|KG)n? (\d+)")
_CATEGORY = re.compile(r"\b(?:personkategori|kategori|PC)(?:en)? (\d+)")
_WORDS = {
    "own": "egne", "former_own": "tidligere egne", "guest": "gæster", "all": "alle", "system_all": "alle, som system",
    "aa_own": "anden aktørs egne", "aa_guest": "anden aktørs gæster", "aa_all": "alle, som anden aktør",
    "visible_to_akasse": "ses af a-kassen", "default_category": "standardkategori", "age_below": "kun under alderen",
    "not_changeable_by_caller": "kan ikke ændres af kalderen", "becomes_at_30": "overgår ved 30 år til",
    "category_requires_enrolment": "kræver tilmelding for kategori", "fleksjob_end": "ved fleksjobbets slutning",
    "category_requires_no_enrolment": "kræver ingen tilmelding for kategori",
    "aktivitetstillaeg_category": "aktivitetstillæg ved kategori", "yes": "",
    "any": "enhver ændring", "cpr_change": "CPR-skift", "group_ends": "helt lukket kontaktgruppe",
    "group_starts": "overgang til kontaktgruppe", "group_replaced": "skift fra kontaktgruppe",
}  # fmt: skip
"""The Danish rendering of levels, rules and occasions; any other value is shown as it is."""
_DANISH = {Certainty.EPIC: "epicen", Certainty.DOCUMENTED: "dokumenteret", Certainty.ASSUMED: "antaget"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a table: its content in Danish, its source, and its certainty."""

    table: str
    key: Key
    text: str
    source: str
    certainty: Certainty

    @property
    def assumed(self) -> bool:
        """Whether the fact is assumed, not documented."""
        return self.certainty is Certainty.ASSUMED

    @property
    def danish(self) -> str:
        """The Danish rendering of the certainty."""
        return _DANISH[self.certainty]

    @property
    def name(self) -> str:
        """Table and key, as `contracts show` prints them."""
        return f"{self.table} {'/'.join(filter(None, self.key))}"


Touched = Callable[[Key, Mentioned], bool]


def _group_rule(key: Key, mentioned: Mentioned) -> bool:
    group, rule, value = key
    match rule:
        case "visible_to_akasse":
            return group in mentioned.shown.get(AKASSE, ())
        case "category_requires_enrolment" | "category_requires_no_enrolment":
            return group in mentioned.scenario_groups and value in mentioned.categories
        case "aktivitetstillaeg_category":
            aktivitetstillaeg = any(service == "AktivitetstillaegService" for service, _, _ in mentioned.called)
            return aktivitetstillaeg and group in mentioned.scenario_groups
        case _:
            return group in mentioned.groups


TOUCHED: Mapping[str, Touched] = {
    "errors": lambda key, mentioned: any(code == key[0] for _, _, code in mentioned.errors),
    "method_errors": lambda key, mentioned: key in mentioned.errors,
    "access": lambda key, mentioned: key[:3] in mentioned.called,
    "access_period": lambda key, mentioned: key in mentioned.called,
    "client_system_blocked": lambda key, mentioned: key in mentioned.systems,
    "kontaktgruppe": lambda key, mentioned: key[0] in mentioned.groups,
    "kontaktgruppe_rule": _group_rule,
    "personkategori": lambda key, mentioned: key[0] in mentioned.categories,
    "combination": lambda key, mentioned: key[0] in mentioned.scenario_groups and key[1] in mentioned.categories,
    "tilmeldekategori": lambda key, mentioned: key[0] in mentioned.enrolment_categories,
    "wsrm_recipient": lambda key, mentioned: any(
        key[:2] == (message, party) and key[3] in {"", group} for message, party, group in mentioned.messages
    ),
}
"""The condition under which a row is touched, by table: a function of its key and of what was mentioned."""


class FactsReader:
    """Finds the touched facts under one contract."""

    def __init__(self, contract: Contract) -> None:
        self._reader = MentionReader(contract)
        self._facts = {name: [_facts(name, *pair) for pair in contract.tables[name].items()] for name in TOUCHED}

    def named(self) -> tuple[Fact, ...]:
        """Return the facts that an explanation may cite by the first part of their key: error codes and messages."""
        return (*self._facts["errors"], *self._facts["wsrm_recipient"])

    def touched(
        self, text: str, calls: Sequence[CallEvidence], messages: Sequence[MessageEvidence], scenario_text: str = ""
    ) -> tuple[Fact, ...]:
        """Return the facts that a step touches; `scenario_text` is that of all steps, for rules across steps."""
        mentioned = self._reader.read(calls, messages)
        mentioned.groups.update(_GROUP.findall(text))
        mentioned.categories.update(_CATEGORY.findall(text))
        mentioned.scenario_groups.update(mentioned.groups, _GROUP.findall(scenario_text))
        return tuple(self._touched(mentioned))

    def _touched(self, mentioned: Mentioned) -> Iterator[Fact]:
        for name, touched in TOUCHED.items():
            yield from (fact for fact in self._facts[name] if touched(fact.key, mentioned))


def _facts(table: str, key: Key, row: Row) -> Fact:
    return Fact(table, key, _text(table, row), row.source, row.certainty)


def _text(table: str, row: Row) -> str:
    match table:
        case "errors":
            return f"fejlkode {row['code']}: »{row['danish'] or row['english']}«"
        case "method_errors":
            return f"{row['service']}.{row['method']} kan give fejlkode {row['error_code']}"
        case "access":
            who = f"organisationstype {row['organisation_type']}"
            return f"{who} må kalde {row['service']}.{row['method']} ({_danish(row['level'])})"
        case "kontaktgruppe" | "personkategori" | "tilmeldekategori":
            return f"{table} {row['code']}: {row['name']}"
        case "kontaktgruppe_rule":
            return f"kontaktgruppe {row['kontaktgruppe']}: {_danish(row['rule'])} {_danish(row['value'])}".rstrip()
        case "combination":
            return f"kontaktgruppe {row['kontaktgruppe']} kan have personkategori {row['personkategori']}"
        case "wsrm_recipient":
            group = f" {row['kontaktgruppe']}" if row["kontaktgruppe"] else ""
            return f"{row['message']} til {row['recipient']} ved {_danish(row['when'])}{group}"
        case _:
            return f"{table}: {', '.join(f'{name} {value}' for name, value in row.cells.items() if value)}"


def _danish(value: str) -> str:
    return _WORDS.get(value, value)


REST = "REST"
AssumedNames = Mapping[str, tuple[str, ...]]


def assumed_names(contract: Contract) -> AssumedNames:
    """Return the keys of the assumed names by service; those of headers, JSON members and paths are under REST."""
    by_service: dict[str, list[str]] = {}
    for key in sorted(contract.names.assumed):
        kind, _, name = key.partition(".")
        service = REST if kind in {"header", "json", "path"} else name.partition(".")[0]
        by_service.setdefault(service, []).append(key)
    return {service: tuple(names) for service, names in by_service.items()}


def called_services(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the services behind these paths, in the order of their first call."""
    return tuple(dict.fromkeys(soap_service(path) or REST for path in paths))
