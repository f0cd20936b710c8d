"""The whole contract as one frozen value: all tables, an optional overlay laid over them, and a hash of the result.

Load it once at start with `load` and pass it on. No other module reads a table from disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vos_contracts.model.registration import Kind
from vos_contracts.tables import (
    access,
    batch_jobs,
    errors,
    fravaer,
    kontaktgruppe,
    recipients,
    releases,
    tilmelding,
    webhooks,
)
from vos_contracts.tables import overlay as overlay_module
from vos_contracts.tables.names import Names, names
from vos_contracts.tables.overlay import Overlay
from vos_contracts.tables.table import TABLE_FORMS, Table, TableError
from vos_contracts.tables.table import load as load_table


@dataclass(frozen=True, slots=True)
class Contract:
    """All tables as typed views, and the overlay that was laid over them, if any."""

    tables: Mapping[str, Table]
    names: Names
    kontaktgrupper: Mapping[int, kontaktgruppe.Code]
    personkategorier: Mapping[int, kontaktgruppe.Code]
    group_rules: Mapping[int, kontaktgruppe.GroupRules]
    errors: Mapping[int, errors.ErrorText]
    organisation_types: Mapping[int, str]
    user_types: Mapping[int, str]
    tilmeldekategorier: Mapping[int, tilmelding.Tilmeldekategori]
    unemployment_degrees: Mapping[int, str]
    cancellation_causes: Mapping[int, str]
    fravaer_types: Mapping[int, str]
    fravaer_without_tilmelding: frozenset[int]
    illness_sources: fravaer.IllnessSources
    access: access.AccessRules
    fravaer_conflicts: fravaer.Conflicts
    wsrm_recipients: Sequence[recipients.WsrmRule]
    wsrm_systems: Mapping[int, frozenset[recipients.MessageType]]
    wsb_entities: Mapping[Kind, webhooks.Entity]
    wsb_recipients: Sequence[recipients.WsbRule]
    batchjob: Sequence[batch_jobs.Batchjob]
    event_recipients: Sequence[recipients.EventRule]
    releases: Mapping[str, releases.Release]
    overlay: Overlay | None
    hash: str

    @property
    def domains(self) -> tuple[str, ...]:
        """The business domains that receive events, in the table's order."""
        return tuple(dict.fromkeys(rule.recipient for rule in self.event_recipients))


def load(folder: Path | None = None) -> Contract:
    """Load the shipped contract, and lay the overlay in `folder` over it if one is given.

    Raises:
        TableError: names the file, the line, the key and the rule.
    """
    tables: Mapping[str, Table] = {name: load_table(form) for name, form in TABLE_FORMS.items()}
    overlay: Overlay | None = None
    if folder is not None:
        tables, overlay = overlay_module.apply(tables, folder)
    groups = kontaktgruppe.code_list(tables["kontaktgruppe"], "kontaktgruppe")
    try:
        return Contract(
            tables=tables,
            names=names(tables["names"]),
            kontaktgrupper=groups,
            personkategorier=kontaktgruppe.code_list(tables["personkategori"], "personkategori"),
            group_rules=kontaktgruppe.group_rules(groups, tables["combination"], tables["kontaktgruppe_rule"]),
            errors=errors.error_texts(tables["errors"]),
            organisation_types=access.names(tables["organisation_type"]),
            user_types=access.names(tables["user_type"]),
            tilmeldekategorier=tilmelding.tilmeldekategorier(tables["tilmeldekategori"]),
            unemployment_degrees=access.names(tables["unemployment_degree"]),
            cancellation_causes=access.names(tables["cancellation_cause"]),
            fravaer_types=access.names(tables["fravaerstype"]),
            fravaer_without_tilmelding=fravaer.without_tilmelding(tables["fravaerstype"]),
            illness_sources=fravaer.illness_sources(tables["illness_source"]),
            access=access.access_rules(
                tables["access"],
                tables["access_period"],
                tables["client_system_blocked"],
                tables["jobnet_access"],
                tables["user_organisation"],
            ),
            fravaer_conflicts=fravaer.conflicts(tables["fravaer_conflict"]),
            wsrm_recipients=recipients.wsrm_rules(tables["wsrm_recipient"]),
            wsrm_systems=recipients.wsrm_systems(tables["wsrm_system"]),
            wsb_entities=webhooks.entities(tables["wsb_entity"]),
            wsb_recipients=recipients.wsb_rules(tables["wsb_recipient"]),
            batchjob=batch_jobs.batchjob(tables["batchjob"]),
            event_recipients=recipients.event_rules(tables["event_recipient"]),
            releases=releases.releases(tables["release"]),
            overlay=overlay,
            hash=_hash(tables),
        )
    except TableError:
        raise
    except (KeyError, ValueError) as exc:
        raise TableError(f"the contract is inconsistent: {exc!r}") from exc


def _hash(tables: Mapping[str, Table]) -> str:
    target = hashlib.sha256()
    for name in sorted(tables):
        for key, row in sorted(tables[name].items()):
            target.update(repr((name, key, sorted(row.cells.items()))).encode())
    return target.hexdigest()[:16]
