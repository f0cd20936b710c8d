"""Which facts of the contract's tables a step touches: by its calls, their answers, the messages fetched, and its own words.

A verdict rests on them, and on an assumed one with the contract's certainty only. `TOUCHED` says when a row of each table is
touched. Not here: names on the wire (`assumptions`), or how a report shows any of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generalproeve.run.evidence import CallEvidence, MessageEvidence
from generalproeve.run.touched.mentioned import Mentioned, MentionReader
from vos_contracts.contract import Contract
from vos_contracts.tables.table import Certainty, Key, Row

AKASSE = "2"
_GROUP = re.compile(r"\b(?:kontaktgruppe|gruppe|KG)n? (\d+)")
_CATEGORY = re.compile(r"\b(?:personkategori|kategori|PC)(?:en)? (\d+)")
_DANISH = {Certainty.EPIC: "epicen", Certainty.DOCUMENTED: "dokumenteret", Certainty.ASSUMED: "antaget"}


@dataclass(frozen=True, slots=True)
class Facts:
    """One row of a table: what it says, from where, and how certain that is."""

    table: str
    key: Key
    text: str
    source: str
    certainty: Certainty

    @property
    def assumed(self) -> bool:
        """Whether it is our choice."""
        return self.certainty is Certainty.ASSUMED

    @property
    def danish(self) -> str:
        """How certain it is, in the words of the report."""
        return _DANISH[self.certainty]

    @property
    def name(self) -> str:
        """Table and key, as `contracts show` has them."""
        return f"{self.table} {'/'.join(filter(None, self.key))}"


Touched = Callable[[Key, Mentioned], bool]


def _group_rule(key: Key, said: Mentioned) -> bool:
    group, rule, value = key
    match rule:
        case "akasse_sees":
            return group in said.shown.get(AKASSE, ())
        case "category_requires_enrolled" | "category_requires_not_enrolled":
            return group in said.scenario_groups and value in said.categories
        case "aktivitetstillaeg_category":
            aktivitetstillaeg = any(service == "AktivitetstillaegService" for service, _, _ in said.called)
            return aktivitetstillaeg and group in said.scenario_groups
        case _:
            return group in said.groups


TOUCHED: Mapping[str, Touched] = {
    "errors": lambda key, said: any(code == key[0] for _, _, code in said.errors),
    "method_errors": lambda key, said: key in said.errors,
    "access": lambda key, said: key[:3] in said.called,
    "access_period": lambda key, said: key in said.called,
    "client_system_blocked": lambda key, said: key in said.systems,
    "kontaktgruppe": lambda key, said: key[0] in said.groups,
    "kontaktgruppe_rule": _group_rule,
    "personkategori": lambda key, said: key[0] in said.categories,
    "combination": lambda key, said: key[0] in said.scenario_groups and key[1] in said.categories,
    "tilmeldekategori": lambda key, said: key[0] in said.enrolment_categories,
    "wsrm_recipient": lambda key, said: any(
        key[:2] == (message, party) and key[3] in {"", group} for message, party, group in said.messages
    ),
}
"""When a row of a table is touched: its key, and what was said."""


class FactsReader:
    """Finds the facts under one contract."""

    def __init__(self, contract: Contract) -> None:
        self._reader = MentionReader(contract)
        self._facts = {name: [_facts(name, *pair) for pair in contract.tables[name].items()] for name in TOUCHED}

    def named(self) -> tuple[Facts, ...]:
        """List those that an explanation may name by the first part of their key: error numbers, and messages."""
        return (*self._facts["errors"], *self._facts["wsrm_recipient"])

    def touched(
        self, word_: str, call: Sequence[CallEvidence], messages: Sequence[MessageEvidence], stage_word: str = ""
    ) -> tuple[Facts, ...]:
        """List what a step touches; `stage_word` are those of all steps, for rules that hold two of them together."""
        said = self._reader.read(call, messages)
        said.groups.update(_GROUP.findall(word_))
        said.categories.update(_CATEGORY.findall(word_))
        said.scenario_groups.update(said.groups, _GROUP.findall(stage_word))
        return tuple(self._touched(said))

    def _touched(self, said: Mentioned) -> Iterator[Facts]:
        for name, touched in TOUCHED.items():
            yield from (fact for fact in self._facts[name] if touched(fact.key, said))


def _facts(table: str, key: Key, row: Row) -> Facts:
    return Facts(table, key, _text(table, row), row.source, row.certainty)


def _text(table: str, row: Row) -> str:
    match table:
        case "errors":
            return f"fejlkode {row['code']}: »{row['danish'] or row['english']}«"
        case "method_errors":
            return f"{row['service']}.{row['method']} kan give fejlkode {row['error_code']}"
        case "access":
            who = f"organisationstype {row['organisation_type']}"
            return f"{who} må kalde {row['service']}.{row['method']} ({row['level']})"
        case "kontaktgruppe" | "personkategori" | "tilmeldekategori":
            return f"{table} {row['code']}: {row['name']}"
        case "kontaktgruppe_rule":
            return f"kontaktgruppe {row['kontaktgruppe']}: {row['rule']} {row['value']}"
        case "combination":
            return f"kontaktgruppe {row['kontaktgruppe']} kan have personkategori {row['personkategori']}"
        case "wsrm_recipient":
            group = f" {row['kontaktgruppe']}" if row["kontaktgruppe"] else ""
            return f"{row['message']} til {row['recipient']} ved {row['when']}{group}"
        case _:
            return f"{table}: {', '.join(f'{name} {value}' for name, value in row.cells.items() if value)}"
