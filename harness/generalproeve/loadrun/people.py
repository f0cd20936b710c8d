"""Who calls in a load run, and about whom, as the stage's profile has it; else new citizens on the stage."""

from __future__ import annotations

from generalproeve.base import machine_clock
from generalproeve.settings.profiles import FrozenClock
from vos_features.stage import StageAccess
from vos_load.citizens import invent, populate
from vos_load.run import LoadRun, TlsFiles
from vos_simulators.access import Access
from vos_simulators.transport import HttpTransport


def choose_people(run: LoadRun, stage: StageAccess) -> None:
    """Fill in the caller, the citizens and the target's clock.

    On a stage with a control API new synthetic citizens are put there. Without one the profile's citizens are called about, and
    where it has none, made-up numbers.
    """
    role = stage.parties.get(stage.caller)
    if role is not None:
        run.organisation, run.system = role.organisation, role.system
        run.user = role.user or run.user
        run.user_organisation = role.user_organisation
    run.tls = _tls(stage.access_of(stage.caller))
    run.control_tls = _tls(stage.access)
    run.timeout = max(run.timeout, stage.deadline)
    if stage.control is not None:
        with HttpTransport(stage.control, timeout=60, access=stage.access) as control:
            populate(run, control)
        return
    run.clock = stage.clock() if stage.clock is not None else machine_clock.now()
    run.clock_stands = isinstance(stage.clock, FrozenClock)
    pool = tuple(citizen.cpr for citizen in stage.pool)
    run.citizens = pool or invent(run.seed, run.profile.people, run.clock.date())


def _tls(access: Access) -> TlsFiles:
    files = (access.certificate, access.key, access.ca)
    return TlsFiles(*(None if file is None else str(file) for file in files))
