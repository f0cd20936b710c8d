"""Webservice messages: who subscribes, how its webhook answers, what it was sent; and what the oracle says of everybody."""

from __future__ import annotations

from vos_contracts.koder.haendelse import Aendringstype
from vos_contracts.operationer import Art
from vos_contracts.wire.abonnement import Synkroniseret
from vos_contracts.wire.rest import Afslag
from vos_contracts.wsbstyring import Wsbtilstand
from vos_features.ensemble import KOEEJERE
from vos_features.evner import Evne
from vos_features.forventning import lig, sagt
from vos_features.spil import Spil
from vos_features.steps.ordforraad import givet, naar, saa
from vos_features.webhooks import ENTITETER, Webhooks
from vos_simulators.modtageruvaner import MODTAGERUVANER
from vos_simulators.orakel import cprskift
from vos_simulators.orakel.aarsag import fra_journalen
from vos_simulators.orakel.dom import bedoem
from vos_simulators.orakel.haendt import fra_scenen
from vos_simulators.orakel.ventet import ventede

_AENDRING = {
    Aendringstype.OPRETTET: "oprettelse",
    Aendringstype.AENDRET: "opdatering",
    Aendringstype.SLETTET: "slet",
}
_ENHED = {"sekunder": "S", "minutter": "M", "timer": "H"}
_TILSTAND = {"designet": Wsbtilstand.DESIGNET, "observeret": Wsbtilstand.OBSERVERET}
_HVAD = r"(?P<hvad>kontaktgruppe og personkategori|kontaktgruppe|personkategori|intet)"


@givet(rf"{{rolle}} abonnerer på WSB om {_HVAD}")
@naar(rf"{{rolle}} abonnerer på WSB om {_HVAD}")
def abonnerer(spil: Spil, webhooks: Webhooks, rolle: str, hvad: str) -> None:
    """Send the whole list of subscriptions; it must be taken."""
    webhooks.abonner(rolle, ENTITETER[hvad])
    assert isinstance(webhooks.svar, Synkroniseret), f"abonnementet blev afvist: {webhooks.svar}"


@naar(rf"{{rolle}} forsøger at abonnere på WSB om {_HVAD}")
def forsoeger(spil: Spil, webhooks: Webhooks, rolle: str, hvad: str) -> None:
    """Send the whole list, whatever becomes of it."""
    webhooks.abonner(rolle, ENTITETER[hvad])


@saa("bliver abonnementet afvist med fejlkode {kode}")
def afvist(webhooks: Webhooks, kode: int) -> None:
    """The list was refused with exactly that error."""
    assert isinstance(webhooks.svar, Afslag), f"abonnementet blev taget imod: {webhooks.svar}"
    assert [en.kode for en in webhooks.svar.fejl] == [kode], f"afvist med {webhooks.svar.fejl}"


@saa("har abonnementerne ikke ændret sig")
def uaendret(webhooks: Webhooks) -> None:
    """The list was what stood already."""
    assert isinstance(webhooks.svar, Synkroniseret), f"abonnementet blev afvist: {webhooks.svar}"
    assert (webhooks.svar.oprettede, webhooks.svar.slettede) == (0, 0), f"listen ændrede {webhooks.svar}"


@givet("{rolle}s webhook (?P<vane>.+)")
@naar("{rolle}s webhook (?P<vane>.+)")
def faar_vane(webhooks: Webhooks, rolle: str, vane: str) -> None:
    """Let the webhook answer in that way from now on."""
    webhooks.egne[rolle].modtager.uvane = MODTAGERUVANER[vane]()


@givet("DFDG leverer som (?P<hvordan>designet|observeret)")
def leverer(webhooks: Webhooks, hvordan: str) -> None:
    """Put delivery into that mode for this scene."""
    webhooks.lever(_TILSTAND[hvordan])


@naar("der går {tal} (?P<enhed>sekunder|minutter|timer)")
def der_gaar(spil: Spil, tal: int, enhed: str) -> None:
    """Let the stage clock go forward."""
    spil.ensemble.lad_gaa(f"PT{tal}{_ENHED[enhed]}")


@naar("de opgivne beskeder sendes igen")
def genspil(spil: Spil) -> None:
    """Replay every dead letter."""
    assert spil.ensemble.styring.genspil() > 0, "der er ingen opgivne beskeder"


@saa("er {tal} WSB opgivet")
def opgivet(spil: Spil, tal: int) -> None:
    """So many messages are dead letters."""
    spil.ensemble.lad_gaa("PT0S")
    doede = spil.ensemble.styring.wsb().doede
    assert len(doede) == tal, f"{len(doede)} er opgivet: {[en.grund for en in doede]}"


@saa("har {rolle} præcis disse WSB'er:")
def praecis(spil: Spil, webhooks: Webhooks, rolle: str, datatable: list[list[str]]) -> None:
    """The webhook has exactly these about the citizen, each once, in this order."""
    hoved, *forventet = datatable
    fundet = []
    for besked in webhooks.beskeder(rolle):
        assert besked.cpr == spil.cpr, "beskeden er om en anden"
        celler = {"entitet": besked.entitet_navn, "ændring": _AENDRING[besked.aendringstype]}
        fundet.append([celler[kolonne] for kolonne in hoved])
    lig(f"{rolle} har", fundet, forventet, "have")


@saa("har {rolle} ingen WSB'er")
def ingen(webhooks: Webhooks, rolle: str) -> None:
    """The webhook has been sent nothing."""
    fundet = [f"{en.entitet_navn} {_AENDRING[en.aendringstype]}" for en in webhooks.beskeder(rolle)]
    assert not fundet, f"{rolle} har {sagt(fundet)} og skulle intet have"


@saa("har {rolle} {tal} WSB'er")
def antal(webhooks: Webhooks, rolle: str, tal: int) -> None:
    """The webhook has so many."""
    fundet = [f"{en.entitet_navn} {_AENDRING[en.aendringstype]}" for en in webhooks.beskeder(rolle)]
    assert len(fundet) == tal, f"{rolle} har {sagt(fundet)} og skulle have {tal}"


@saa("kan {rolle} læse den {art}, som WSB'en fortæller om")
def kan_laese(spil: Spil, webhooks: Webhooks, rolle: str, art: Art) -> None:
    """The message's identifier and number lead to the registration (epic: read with CPR and id from the WSB)."""
    besked = webhooks.beskeder(rolle)[-1]
    laest = spil.rolle(rolle).laes(besked.cpr, art, besked.id)
    assert not isinstance(laest, Afslag), f"{rolle} kan ikke læse: {laest}"
    assert [en.id for en in laest] == [besked.id], f"{rolle} læser {laest}"


@saa("har hver modtager præcis de beskeder, der følger af det skete")
def orakel(spil: Spil, webhooks: Webhooks) -> None:
    """Every queue, webhook and business domain has what the epic's rules give of the history, and nothing else.

    Of a stage that others play on too, only what is about the scene's citizen; of one whose history cannot be read, the
    other steps must do.
    """
    if not spil.ensemble.kan(Evne.READ_TRUTH):
        spil.ensemble.udelad_trin(Evne.READ_TRUTH.mangler)
        return
    kun = spil.ensemble.scenens_borger
    wsrm = spil.ensemble.kontrakt.udgaver[spil.ensemble.udgave].wsrm
    poster = spil.ensemble.journal()
    skulle = ventede(fra_scenen(spil.ensemble.laeser, fra_journalen(poster), kun), webhooks.abonnenter(), wsrm=wsrm)
    borgere = [en for side in spil.ensemble.laeser.borgere(0) for en in side.borgere]
    skift = [en for en in cprskift.fra_journalen(poster, borgere) if kun in (None, en.nyt)]
    skulle += cprskift.ventede(skift, spil.cprabonnenter if wsrm else ())
    assert skulle, "der er intet sket"
    fik = [en for en in webhooks.alles(KOEEJERE) if kun is None or kun in dict(en.indhold).values()]
    brud = [str(en) for en in bedoem(skulle, fik) if en.brud]
    assert not brud, "; ".join(brud)
