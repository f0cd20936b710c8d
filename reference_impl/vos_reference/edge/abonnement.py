"""AbonnementService: the sync call, from wire to application and back."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from vos_contracts.wire.abonnement import Abonnementer
from vos_contracts.wire.asgi import AsgiEndepunkt, Metodevalg
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.body import Kropsgraenser
from vos_contracts.wire.rest import Rest
from vos_reference.application.drift import Drift
from vos_reference.application.turns import WriteTurns
from vos_reference.application.wsbabonnement import synkroniser
from vos_reference.domain.decision import Afvist
from vos_reference.edge.rest import kun_json


class AbonnementEdge:
    """The service's operation as an endpoint."""

    def __init__(self, drift: Drift, rest: Rest, turns: WriteTurns) -> None:
        self._drift = drift
        self._turns = turns
        self._rest = rest
        self._abonnementer = Abonnementer(drift.kontrakt, rest)

    def ruter(self, graenser: Kropsgraenser) -> Sequence[BaseRoute]:
        """Return the route."""
        endepunkt = AsgiEndepunkt(self._synkroniser, self._rest.skriv_fejl, graenser)
        return [Route(self._abonnementer.sti, endpoint=Metodevalg({"POST": endepunkt}, self._rest.skriv_fejl))]

    async def _synkroniser(self, kald: Kald, sti: dict[str, str]) -> Svar:
        kun_json(kald)
        kalder = self._rest.headers.laes_identitet(kald.headers)
        oensker = self._abonnementer.laes(kald.krop)
        resultat = await self._turns.run(lambda: synkroniser(self._drift, kalder, *oensker))
        if isinstance(resultat, Afvist):
            return self._rest.skriv_fejl(resultat.fejl)
        return self._abonnementer.skriv_svar(resultat)
