"""Aktivitetstillaeg: an allowance for citizens who are aktivitetsparat in certain kontaktgrupper.

In every release it ends when the citizen moves to a kontaktgruppe that does not allow it. From release 2024-4 it also ends
when the personkategori changes from aktivitetsparat to another (epic AC 1005.17.28.16; aktivloven §§ 24 and 25).
"""

from __future__ import annotations

from dataclasses import replace

from vos_contracts.model.neighbours import RegisterAktivitetstillaeg
from vos_contracts.model.registration import Kind
from vos_contracts.tables.errors import ServiceError
from vos_reference.domain.decision import Accepted, Decision, DecisionContext, refused
from vos_reference.domain.person import Period, Person


def register(person: Person, command: RegisterAktivitetstillaeg, context: DecisionContext) -> Decision:
    """Grant it from `command.since`.

    Refused with 4731 where the open kontaktgruppe and personkategori do not allow it, 4977 where it is granted already.
    """
    errors = []
    if not _allowed(person, context, category_counts=True):
        errors.append(ServiceError(4731, "aktivitetstillæg kræver kategori 5 i en gruppe, der tillader det"))
    if any(item.is_valid(context.day) for item in person.aktivitetstillaeg):
        errors.append(ServiceError(4977, "borgeren har allerede aktivitetstillæg"))
    if errors:
        return refused(*errors)
    return Accepted(
        command.id,
        replace(person, aktivitetstillaeg=(*person.aktivitetstillaeg, Period(command.id, command.since))),
        (),
    )


def follow_group(before: Person, accepted: Accepted, context: DecisionContext) -> Accepted:
    """End it where the kontaktgruppe no longer allows it or, by release, the personkategori is no longer aktivitetsparat.

    `before` is the citizen before the change, to see whether the personkategori was aktivitetsparat.
    """
    person = accepted.person
    if not any(item.is_valid(context.day) for item in person.aktivitetstillaeg):
        return accepted
    category_counts = context.release.aktivitetstillaeg_ends_on_category_change and _was_aktivitetsparat(
        before, context
    )
    if _allowed(person, context, category_counts=category_counts):
        return accepted
    ended = tuple(
        replace(item, until=max(context.day, item.since)) if item.is_valid(context.day) else item
        for item in person.aktivitetstillaeg
    )
    return replace(accepted, person=replace(person, aktivitetstillaeg=ended))


def _was_aktivitetsparat(before: Person, context: DecisionContext) -> bool:
    """Return whether the open personkategori is aktivitetsparat, or the latest one where none is open.

    None is open on the night on which a personkategori reaches an end that was registered in advance.
    """
    category = before.open_registration(Kind.PERSONKATEGORI, context.now)
    if category is None:
        ended = [
            item for item in before.registrations.values() if item.kind is Kind.PERSONKATEGORI and not item.is_deleted
        ]
        category = max(ended, key=lambda item: item.end or item.start, default=None)
    return category is not None and category.type in _categories(before, context)


def _allowed(person: Person, context: DecisionContext, *, category_counts: bool) -> bool:
    if not category_counts:
        return bool(_categories(person, context))
    category = person.open_registration(Kind.PERSONKATEGORI, context.now)
    return category is not None and category.type in _categories(person, context)


def _categories(person: Person, context: DecisionContext) -> frozenset[int]:
    group = person.open_registration(Kind.KONTAKTGRUPPE, context.now)
    return context.contract.group_rules[group.type].aktivitetstillaeg_categories if group else frozenset()
