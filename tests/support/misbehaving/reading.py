"""Who shows what is not so, or not to be seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from support.misbehaving.bending import bender, bender_table, sets
from vos_contracts.contract import Contract
from vos_contracts.model.registration import Kind
from vos_contracts.wire.soap.reading import ReadBody
from vos_reference.application import reading
from vos_reference.domain import status, views


@bender((views, "history"))
def loses_history(real: Any, *arguments: Any) -> Any:
    return real(*arguments)[:1]


@bender((views, "history"))
def reverses_history(real: Any, *arguments: Any) -> Any:
    return real(*arguments)[::-1]


@bender((views, "history"))
def says_everything_is_current(real: Any, *arguments: Any) -> Any:
    return tuple(replace(item, is_current=True) for item in real(*arguments))


@bender((views, "single"))
def shows_deleted(real: Any, person: Any, kind: Any, id_: str, *other: Any) -> Any:
    row = person.registrations.get(id_)
    deleted = row is not None and row.kind is kind and row.is_deleted
    return views.Shown(row, True) if deleted else real(person, kind, id_, *other)


@bender((views, "current"))
def shows_closed_as_current(real: Any, person: Any, kind: Any, *other: Any) -> Any:
    stands = (item for item in person.registrations.values() if item.kind is kind and not item.is_deleted)
    return tuple(views.Shown(stand, True) for stand in stands)


@bender((reading, "_look_up"))
def shows_another_citizen(real: Any, runtime: Any, cpr: str, *other: Any) -> Any:
    """Whoever is read after somebody else is shown as that one."""
    found = real(runtime, cpr, *other)
    if not isinstance(found, tuple):
        return found
    previous = vars(runtime).setdefault("_den_previous", found[0])
    vars(runtime)["_den_previous"] = found[0]
    return previous, found[1]


@sets(views, "AKASSE_YEARS", 5, (views, "_years_before"))
def reaches_five_years_back() -> None: ...


@sets(views, "AKASSE_YEARS", 3, (views, "_years_before"))
def reaches_three_years_back() -> None: ...


@bender_table((views, "_visible"))
def shows_akasse_all_groups(contract: Contract) -> Contract:
    rules = {group: replace(rule, visible_to_akasse=True) for group, rule in contract.group_rules.items()}
    return replace(contract, group_rules=rules)


@bender_table((views, "_visible"))
def hides_group_8_for_akasse(contract: Contract) -> Contract:
    rules = {
        group: replace(rule, visible_to_akasse=rule.visible_to_akasse and group != 8)
        for group, rule in contract.group_rules.items()
    }
    return replace(contract, group_rules=rules)


@bender((status, "collections"))
def forgets_filter_on_soap(real: Any, person: Any, service: Any, reader: Any, *other: Any) -> Any:
    from support.builders import STAR

    return real(person, service, replace(reader, active=STAR), *other)


def _collections_i_all_releases(contract: Contract, *, empty: bool) -> Contract:
    releases = {name: replace(release, empty_read_collections=empty) for name, release in contract.releases.items()}
    return replace(contract, releases=releases)


@bender_table((status, "collections"))
def fills_collections_in_2025(contract: Contract) -> Contract:
    return _collections_i_all_releases(contract, empty=False)


@bender_table((status, "collections"))
def empties_collections_too_early(contract: Contract) -> Contract:
    return _collections_i_all_releases(contract, empty=True)


@bender((status, "collections"))
def omits_categories_on_soap(real: Any, *arguments: Any) -> Any:
    reading = real(*arguments)
    return replace(reading, registrations={**reading.registrations, Kind.PERSONKATEGORI: ()})


@bender((status, "_master_data"))
def shows_no_authorities_on_soap(real: Any, *arguments: Any) -> Any:
    return replace(real(*arguments), kommune=None, jobcenter=None)


@bender((ReadBody, "read_query"))
def answers_no_part_of_pss(real: Any, *arguments: Any) -> Any:
    cpr, kinds, _ = real(*arguments)
    return cpr, kinds, frozenset()


@bender((status, "status"))
def leaves_out_helbredsbegraensninger(real: Any, *arguments: Any) -> Any:
    return replace(real(*arguments), helbredsbegraensninger=())


@bender((status, "status"))
def shows_ended_aktivitetstillaeg(real: Any, person: Any, *other: Any) -> Any:
    return real(
        replace(person, aktivitetstillaeg=tuple(replace(item, until=None) for item in person.aktivitetstillaeg)), *other
    )
