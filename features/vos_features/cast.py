"""The cast of a run: the party that plays each role, with the identity that the stage allows.

Not here: the roles (`vos_simulators.parties`), and the calls of a party (`vos_simulators.party`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from vos_contracts.base.ids import new_uuid
from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.wire.messages.wsrm import Message
from vos_features.capabilities import Capability, omit
from vos_features.live_stage import LiveStage
from vos_features.stage import AllowedRole
from vos_simulators.parties import QUEUE_OWNERS, ROLES
from vos_simulators.party import CastMember, Party

Hear = Callable[[Organisation, Message], None]
"""Called with the owner of a queue and a message that was fetched from it."""


class Cast:
    """The parties by role; `external` holds the real systems by role.

    Parties are kept from scenario to scenario as long as their identities stay the same.
    """

    def __init__(self, stage: LiveStage, hear: Hear, external: Mapping[str, CastMember]) -> None:
        self._stage = stage
        self._hear = hear
        self._external = external
        self.parties: Mapping[str, Party] = {}

    def begin(self) -> None:
        """Begin a scenario: every party has an empty inbox."""
        wanted = identities(self._stage.clock.now, self._stage.description.parties)
        if wanted != {role: party.identity for role, party in self.parties.items()}:
            self.parties = {role: self._new_party(role, identity) for role, identity in wanted.items()}
        for party in self.parties.values():
            party.inbox.messages.clear()
        for role, system in self._external.items():
            system.begin()
            self._give_own_queue(role, system)

    def party(self, role: str) -> Party:
        """Return the party of that role; omits the scenario if the stage does not allow the role.

        Raises:
            AssertionError: there is no such role.
        """
        if role not in self.parties and role in ROLES:
            omit(f"ingen kan optræde som {role} på denne scene")
        assert role in self.parties, f"rollen {role!r} findes ikke; rollerne er {', '.join(self.parties)}"
        return self.parties[role]

    def empty_inboxes(self, roles: Collection[str] | None = None) -> None:
        """Drain and discard the queues of these roles, or of all roles."""
        for role, party in self.parties.items():
            if roles is None or role in roles:
                party.inbox.drain()
                party.inbox.messages.clear()

    def authority_of(self, role: str) -> Organisation | None:
        """Return the authority of that role; None if the stage does not allow the role."""
        return self.parties[role].identity.active if role in self.parties else None

    def role_of(self, authority: Organisation) -> str | None:
        """Return the role that acts as the authority; of several the last in the table."""
        return {party.identity.active: role for role, party in self.parties.items()}.get(authority)

    def paths_called_by_external(self) -> frozenset[str]:
        """Return the paths that real systems have called in this scenario."""
        return frozenset().union(*(system.paths for system in self._external.values()))

    def _new_party(self, role: str, identity: Identity) -> Party:
        def hear(message: Message) -> None:
            self._hear(identity.active, message)

        line = self._stage.lines.services(role)
        return Party(identity, self._stage.contract, line, new_uuid, hear, self._external.get(role))

    def _give_own_queue(self, role: str, system: CastMember) -> None:
        """Create a queue for the simulated reader besides the real system's own, if the stage can create queues."""
        if role in QUEUE_OWNERS and role in self.parties and self._stage.gate.can(Capability.CREATE_QUEUE):
            authority = self.parties[role].identity.active
            simulated = [party.identity.system for party in self.parties.values() if party.identity.active == authority]
            for number in dict.fromkeys((*simulated, system.system)):
                self._stage.control.subscribe(authority.type, authority.code, number)


def identities(now: datetime, allowed: Mapping[str, AllowedRole] | None = None) -> dict[str, Identity]:
    """Return the identity of every role; limited to and overridden by `allowed` if the stage restricts roles."""
    simulated = {role.name: role.identity(now) for role in ROLES.values()}
    if not allowed:
        return simulated
    return {name: _as_allowed(identity, allowed[name]) for name, identity in simulated.items() if name in allowed}


def _as_allowed(identity: Identity, role: AllowedRole) -> Identity:
    own = identity.user_organisation if identity.user_organisation != identity.active else None
    return replace(
        identity,
        active=role.organisation,
        user=role.user or identity.user,
        user_organisation=role.user_organisation or own or role.organisation,
        system=role.system or identity.system,
    )
