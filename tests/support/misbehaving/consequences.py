"""Who does not let follow what follows: of groups, sickness, birthdays, jobs, and of a change of CPR number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from support.misbehaving.bending import bender, bender_table, sets
from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity, Organisation
from vos_reference.application import cpr_change as change_application
from vos_reference.domain import (
    aktivitetstillaeg,
    batch_jobs,
    cpr_change,
    fravaer,
    illness,
    kontaktgruppe,
    personkategori,
    views,
)
from vos_reference.domain.decision import Accepted


@bender((personkategori, "follow_group"))
def forgets_default_category(real: Any, accepted: Accepted, context: Any) -> Accepted:
    return accepted


@bender((illness, "_right_group"))
def forgets_remembered_group(real: Any, *arguments: Any) -> int:
    return 8


@bender((kontaktgruppe, "close"))
def leaves_group_open_on_recovery(real: Any, *arguments: Any) -> tuple[()]:
    return ()


@bender((illness, "begin"))
def keeps_tilmelding_during_illness(real: Any, planned: Accepted, context: Any) -> Accepted:
    begun: Accepted = real(planned, context)
    return replace(begun, person=replace(begun.person, tilmelding=planned.person.tilmelding))


@sets(batch_jobs, "TRANSITION_AGE", 29, (batch_jobs, "_day"), (batch_jobs, "_turn_thirty"))
def moves_29_year_olds() -> None: ...


@bender_table()
def moves_group_28_to_2(contract: Contract) -> Contract:
    rules = {**contract.group_rules, 28: replace(contract.group_rules[28], becomes_at_30=2)}
    return replace(contract, group_rules=rules)


@bender_table((batch_jobs, "_fleksjob_day"))
def forgets_fleksjob_end(contract: Contract) -> Contract:
    rules = {group: replace(rule, fleksjob_end=None) for group, rule in contract.group_rules.items()}
    return replace(contract, group_rules=rules)


@bender((batch_jobs, "_day"))
def runs_every_job_a_day_late(real: Any, *arguments: Any) -> Any:
    day = real(*arguments)
    return None if day is None else day + timedelta(days=1)


@bender((batch_jobs, "reporter"))
def forgets_the_reporter(real: Any, *arguments: Any) -> None:
    return None


@bender((batch_jobs, "dfdg_identity"))
def names_nightly_run_a_caseworker(real: Any, *arguments: Any) -> Identity:
    identity: Identity = real(*arguments)
    return replace(identity, user=replace(identity.user, type=2))


@bender((batch_jobs, "_expiry_day"))
def forgets_expired_registrations(real: Any, *arguments: Any) -> None:
    return None


@bender((aktivitetstillaeg, "follow_group"))
def keeps_aktivitetstillaeg(real: Any, before: Any, accepted: Accepted, context: Any) -> Accepted:
    return accepted


@bender_table((aktivitetstillaeg, "follow_group"))
def keeps_aktivitetstillaeg_on_new_category(contract: Contract) -> Contract:
    releases = {
        name: replace(release, aktivitetstillaeg_ends_on_category_change=False)
        for name, release in contract.releases.items()
    }
    return replace(contract, releases=releases)


@bender((fravaer, "follow_group"))
def leaves_fravaer_open(real: Any, accepted: Accepted, context: Any) -> Accepted:
    return accepted


@bender((kontaktgruppe, "fravaer_conflict"))
def forgets_4645(real: Any, *arguments: Any) -> tuple[()]:
    return ()


@bender((cpr_change, "move"))
def says_pointer_moved(real: Any, person: Any, *other: Any) -> Any:
    moved = real(person, *other)
    return moved and replace(moved, person=replace(moved.person, cpr=person.cpr))


@bender((change_application, "wsrm_drafts"))
def tells_others_about_cpr_change(real: Any, *arguments: Any) -> Any:
    drafts = [*real(*arguments)]
    return [*drafts, *(replace(draft, recipient=Organisation(8, "10200")) for draft in drafts[:1])]


@bender_table((cpr_change, "move"))
def moves_pointer_in_every_release(contract: Contract) -> Contract:
    releases = {name: replace(release, cpr_change_moves_pointer=True) for name, release in contract.releases.items()}
    return replace(contract, releases=releases)


@bender((cpr_change, "move"), (views, "history"))
def loses_history_on_cpr_change(real: Any, person: Any, *other: Any) -> Any:
    """Whoever was moved has no history any more."""
    response = real(person, *other)
    if isinstance(response, cpr_change.Moved):
        _MOVED.add(person.id)
    return response if not isinstance(response, tuple) or person.id not in _MOVED else ()


_MOVED: set[str] = set()
