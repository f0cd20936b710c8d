"""The citizens that are called about, and who calls: put on the stage where it can be told of them, else the profile's own."""

from __future__ import annotations

from datetime import datetime

from generalproeve.base import machine_clock as maskinur
from generalproeve.settings.profiles import FrozenClock
from vos_contracts.control.stage import PersonDto, RegistreringDto, Urtilstand
from vos_contracts.wire.tid import midnat
from vos_features.stage import Scenen
from vos_load.handlinger import GRUPPER, KATEGORI
from vos_load.opgave import Opgave, Tls
from vos_simulators.access import Adgang
from vos_simulators.control import Styring
from vos_simulators.parties import AKASSE
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.stage_reader import Driftslaeser
from vos_simulators.transport import HttpTransport

PORTION = 1000


def befolk(opgave: Opgave, scenen: Scenen, antal: int, *, med_gruppe: bool) -> Opgave:
    """Return the task with citizens, the target's clock and its own caller.

    On a stage with a control API new synthetic citizens are put there, with a contact group and category if `med_gruppe`;
    those of the same seed who are there already are called about as they are. Without one the profile's citizens are used,
    and where there are none, numbers that nobody has: a stub answers them, a real stage refuses them.
    """
    rolle = scenen.roller.get(scenen.kalder)
    if rolle is not None:
        opgave.organisation, opgave.system = rolle.organisation, rolle.system
        opgave.bruger = rolle.bruger or opgave.bruger
        opgave.bruger_organisation = rolle.bruger_organisation
    opgave.tls = _tls(scenen.adgang_som(scenen.kalder))
    opgave.styringstls = _tls(scenen.adgang)
    opgave.tidsfrist = max(opgave.tidsfrist, scenen.frist)
    folk = Folk(opgave.seed)
    if scenen.styring is None:
        opgave.ur = scenen.ur() if scenen.ur is not None else maskinur.nu()
        opgave.ur_staar = isinstance(scenen.ur, FrozenClock)
        opgave.borgere = tuple(en.cpr for en in scenen.pulje) or tuple(
            folk.ny(18 + nummer % 60, opgave.ur.date()).cpr for nummer in range(antal)
        )
        return opgave
    with HttpTransport(scenen.styring, tidsfrist=60, adgang=scenen.adgang) as linje:
        styring = Styring(linje)
        status = styring.status()
        nye = [folk.ny(31 + nummer % 29, status.ur.date()) for nummer in range(antal)]
        optagne = (
            {en.cpr for side in Driftslaeser(linje).tilstand() for en in side.borgere} if status.personer else set()
        )
        dtoer = [
            _med_gruppe(paa_scenen(en, akasse=AKASSE), status.ur, med_gruppe) for en in nye if en.cpr not in optagne
        ]
        for fra in range(0, len(dtoer), PORTION):
            styring.opsaet(*dtoer[fra : fra + PORTION])
        status = styring.status()
    opgave.ur, opgave.ur_staar = status.ur, status.ur_tilstand is Urtilstand.FROSSET
    opgave.borgere = tuple(en.cpr for en in nye)
    return opgave


def _med_gruppe(dto: PersonDto, ur: datetime, med_gruppe: bool) -> PersonDto:
    if med_gruppe:
        start = midnat(ur)
        dto.kontaktgrupper = (RegistreringDto(type=GRUPPER[-1], start=start),)
        dto.personkategorier = (RegistreringDto(type=KATEGORI, start=start),)
    return dto


def _tls(adgang: Adgang) -> Tls:
    sti = {navn: None if fil is None else str(fil) for navn, fil in (
        ("certifikat", adgang.certifikat), ("noegle", adgang.noegle), ("ca", adgang.ca),
    )}  # fmt: skip
    return Tls(**sti)
