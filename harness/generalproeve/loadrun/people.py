"""Who calls in a load run, and about whom, as the stage's profile has it; else new citizens on the stage."""

from __future__ import annotations

from generalproeve.base import machine_clock as maskinur
from generalproeve.settings.profiles import FrozenClock
from vos_features.stage import Scenen
from vos_load.citizens import invent, populate
from vos_load.run import LoadRun, TlsFiles
from vos_simulators.access import Adgang
from vos_simulators.transport import HttpTransport


def choose_people(run: LoadRun, stage: Scenen) -> None:
    """Fill in the caller, the citizens and the target's clock.

    On a stage with a control API new synthetic citizens are put there. Without one the profile's citizens are called about, and
    where it has none, made-up numbers.
    """
    role = stage.roller.get(stage.kalder)
    if role is not None:
        run.organisation, run.system = role.organisation, role.system
        run.user = role.bruger or run.user
        run.user_organisation = role.bruger_organisation
    run.tls = _tls(stage.adgang_som(stage.kalder))
    run.control_tls = _tls(stage.adgang)
    run.timeout = max(run.timeout, stage.frist)
    if stage.styring is not None:
        with HttpTransport(stage.styring, tidsfrist=60, adgang=stage.adgang) as control:
            populate(run, control)
        return
    run.clock = stage.ur() if stage.ur is not None else maskinur.nu()
    run.clock_stands = isinstance(stage.ur, FrozenClock)
    pool = tuple(citizen.cpr for citizen in stage.pulje)
    run.citizens = pool or invent(run.seed, run.profile.people, run.clock.date())


def _tls(access: Adgang) -> TlsFiles:
    files = (access.certifikat, access.noegle, access.ca)
    return TlsFiles(*(None if file is None else str(file) for file in files))
