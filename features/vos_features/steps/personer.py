"""Givet: who the citizen is before the scene begins."""

from __future__ import annotations

from datetime import date, timedelta

from vos_contracts.identitet import Organisation
from vos_contracts.operationer import Art
from vos_contracts.styring import ForloebDto, FravaerDto, RegistreringDto, TilknytningDto
from vos_features.spil import Spil
from vos_features.steps.ordforraad import givet


@givet("en borger på {tal} år")
def en_borger(spil: Spil, tal: int) -> None:
    """Think up a citizen who is no fund's member."""
    spil.ny_borger(tal, medlem=False)


@givet("en borger på {tal} år, som er medlem af a-kassen")
def et_medlem(spil: Spil, tal: int) -> None:
    """Think up a citizen who is a member of the fund."""
    spil.ny_borger(tal, medlem=True)


@givet("borgeren har {art} {type}")
def har(spil: Spil, art: Art, type_: int) -> None:
    """Let the citizen have an open registration since yesterday."""
    spil.saet(**{_liste(art): (RegistreringDto(type=type_, start=spil.dag("i går")),)})


@givet("borgeren har {art} {type} fra {dag}")
def har_fra(spil: Spil, art: Art, type_: int, dag: str) -> None:
    """Let the citizen have an open registration since that day."""
    spil.start_er_sagt = True
    spil.saet(**{_liste(art): (RegistreringDto(type=type_, start=spil.dag(dag)),)})


@givet(r"borgeren har haft kontaktgrupperne (?P<grupper>[\d, ]+), som sluttede for {tal} år siden(?P<foer> og en dag)?")
def har_haft(spil: Spil, grupper: str, tal: int, foer: str | None) -> None:
    """Let the citizen have had these groups, ended that many years ago, or a day before that."""
    slut = spil.aar_siden(tal, ekstra_dage=1 if foer else 0)
    spil.saet(
        kontaktgrupper=tuple(
            RegistreringDto(type=int(gruppe), start=spil.aar_siden(tal + 1), slut=slut) for gruppe in grupper.split(",")
        )
    )


@givet("borgeren er tilmeldt i tilmeldekategori {tal}")
def er_tilmeldt(spil: Spil, tal: int) -> None:
    """Let the citizen be enrolled."""
    spil.saet(tilmeldekategori=tal)


@givet("borgeren har et åbent fravær af type {tal}")
def har_fravaer(spil: Spil, tal: int) -> None:
    """Let the citizen have an open absence since yesterday."""
    spil.saet(fravaer=(FravaerDto(type=tal, fra=spil.dag("i går").date()),))


@givet(r"borgeren har aktivitetstillæg(?P<udloebet>, som er ophørt)?")
def har_tillaeg(spil: Spil, udloebet: str | None) -> None:
    """Let the citizen have an aktivitetstillaeg since yesterday, or have had one until today."""
    til = spil.dag("i dag").date() if udloebet else None
    spil.saet(aktivitetstillaeg=(ForloebDto(fra=spil.dag("i går").date(), til=til),))


@givet("borgeren har aktivitetstillæg, som ophører {dag}")
def har_tillaeg_til(spil: Spil, dag: str) -> None:
    """Let the citizen have an aktivitetstillaeg since yesterday, whose end is known beforehand."""
    spil.saet(aktivitetstillaeg=(ForloebDto(fra=spil.dag("i går").date(), til=spil.dag(dag).date()),))


@givet("borgeren er død")
def er_doed(spil: Spil) -> None:
    """Let the citizen have died yesterday."""
    spil.saet(doed=spil.dag("i går").date())


def _liste(art: Art) -> str:
    return {Art.KONTAKTGRUPPE: "kontaktgrupper", Art.PERSONKATEGORI: "personkategorier"}[art]


@givet("borgeren er også hos anden aktør")
def hos_anden_aktoer(spil: Spil) -> None:
    """Let the citizen belong to the operator besides the authorities."""
    assert spil.opsaetning is not None
    operatoer = spil.rolle("anden aktør").identitet.bruger_organisation
    spil.saet(tilknytninger=(*spil.opsaetning.tilknytninger, _tilknytning(operatoer)))


@givet("{rolle} har gæsteadgang til borgeren")
def har_gaesteadgang(spil: Spil, rolle: str) -> None:
    """Let the role's authority have a guest access."""
    spil.saet(gaester=(_tilknytning(spil.rolle(rolle).identitet.aktiv),))


@givet("borgeren meldte sig ud af a-kassen for {tal} dage siden")
def meldte_sig_ud(spil: Spil, tal: int) -> None:
    """Let the membership of the fund have ended that many days ago."""
    assert spil.opsaetning is not None
    slut = (spil.nu - timedelta(days=tal)).date()
    kassen = spil.rolle("a-kassen").identitet.aktiv
    andre = tuple(en for en in spil.opsaetning.tilknytninger if en.organisation_type != kassen.type)
    spil.saet(tilknytninger=(*andre, _tilknytning(kassen, slut)))


def _tilknytning(organisation: Organisation, til: date | None = None) -> TilknytningDto:
    return TilknytningDto(organisation_type=organisation.type, organisation_kode=organisation.kode, til=til)
