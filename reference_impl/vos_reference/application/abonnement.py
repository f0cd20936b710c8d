"""Who has a WSRM queue of its own, what goes into its sub-queues, and who gets what is sent to subscribers only."""

from __future__ import annotations

from collections.abc import Iterator

from vos_contracts.control.stage import AbonnementDto
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.koder.recipients import Beskedtype, Modtagerrolle, subscribable
from vos_contracts.model.identity import Organisation
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Ejer, Transaktion
from vos_reference.domain.decision import Afvist, afvist


def abonner(drift: Drift, oenske: AbonnementDto) -> Afvist | None:
    """Give the system a queue, let it subscribe to these messages, or put them in a sub-queue; or say what is wrong."""
    ejer = Ejer(Organisation(oenske.organisation_type, oenske.organisation_kode), oenske.system)
    with drift.store.transaktion() as t:
        kendte = _underkoefejl if oenske.underkoe else _abonnementsfejl
        fejl = [*_fejl(drift, t, ejer, oenske.beskedtyper), *kendte(drift, ejer, oenske.beskedtyper)]
        if fejl:
            return afvist(*fejl)
        if oenske.underkoe:
            koe = ejer if ejer in t.koeejere(ejer.organisation) else Ejer(ejer.organisation, 0)
            for beskedtype in oenske.beskedtyper:
                t.laeg_i_underkoe(koe, beskedtype, oenske.underkoe)
            return None
        if not oenske.beskedtyper:
            if not t.koeejere(ejer.organisation):  # the first system takes over the queue that the organisation had
                t.overtag_koe(Ejer(ejer.organisation, 0), ejer)
            t.abonner(ejer)
        for beskedtype in oenske.beskedtyper:
            t.abonner_besked(ejer, beskedtype)
    return None


def _fejl(drift: Drift, t: Transaktion, ejer: Ejer, beskedtyper: tuple[str, ...]) -> Iterator[Fejl]:
    if ejer.organisation.type not in drift.kontrakt.organisationstyper:
        yield Fejl(VALIDERER_IKKE, f"organisationType: {ejer.organisation.type} findes ikke")
    egne = t.koeejere(ejer.organisation)
    if beskedtyper and egne and ejer not in egne:
        yield Fejl(VALIDERER_IKKE, f"system: {ejer.organisation} har køer pr. system, og {ejer.system} har ingen")


def _underkoefejl(drift: Drift, ejer: Ejer, beskedtyper: tuple[str, ...]) -> Iterator[Fejl]:
    if not beskedtyper:
        yield Fejl(VALIDERER_IKKE, "beskedtyper: skal nævne dem, der lægges i underkøen")
    for navn in beskedtyper:
        if navn not in set(Beskedtype):
            yield Fejl(VALIDERER_IKKE, f"beskedtyper: {navn} findes ikke; kendte er {', '.join(Beskedtype)}")


def _abonnementsfejl(drift: Drift, ejer: Ejer, beskedtyper: tuple[str, ...]) -> Iterator[Fejl]:
    kan = subscribable(drift.kontrakt.wsrm_recipients)
    for navn in beskedtyper:
        if navn not in kan:
            yield Fejl(VALIDERER_IKKE, f"beskedtyper: {navn} sendes ikke på abonnement; det gør {', '.join(kan)}")
        elif ejer.organisation.type not in {rolle.organisationstype for rolle in kan[Beskedtype(navn)]}:
            roller = ", ".join(rolle.value for rolle in sorted(kan[Beskedtype(navn)], key=_orden))
            yield Fejl(VALIDERER_IKKE, f"organisationType: {navn} kan kun abonneres af {roller}")


def _orden(rolle: Modtagerrolle) -> int:
    return list(Modtagerrolle).index(rolle)
