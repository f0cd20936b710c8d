"""The flags of `generalproeve load run`: laid over the profile, and checked against it, the target and each other.

Every function raises CannotRun if the profile or the target cannot do what is asked, and UsageError for flags that contradict
each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from generalproeve.base.exit_codes import CannotRun
from generalproeve.loadrun.stage import LoadedStage
from generalproeve.settings.exposure import require_loopback
from generalproeve.settings.target import Embedded, Target
from vos_load.load_profile import ClosedUsers, Column, LoadProfile, LoadProfileError, load_profile, parse_duration
from vos_load.run import LoadRun, asked_citizens


def read_profile(name: str, options: Mapping[str, Any]) -> LoadProfile:
    """Read the profile, with the flags laid over it."""
    try:
        profile = load_profile(name)
        if options["duration"] is not None:
            parse_duration(options["duration"])
            profile.duration = options["duration"]
    except LoadProfileError as error:
        raise CannotRun(str(error)) from error
    except ValueError as error:
        raise click.UsageError(f"--duration: {error}") from error
    profile.people = options["people"] or profile.people
    if profile.pairs is not None:
        for flag in ("times", "users"):
            if options[flag] is not None:
                raise click.UsageError(f"--{flag}: {name} is a comparison, one call at a time")
        profile.pairs.rounds = options["rounds"] or profile.pairs.rounds
        return profile
    if options["rounds"] is not None:
        raise click.UsageError(f"--rounds: {name} is not a comparison")
    if options["users"] is not None:
        profile.users, profile.rate = ClosedUsers(count=options["users"], think_seconds=options["think"]), None
    if options["times"] is not None:
        if profile.rate is None:
            raise click.UsageError("--times: closed users have no rate; each calls when its answer has come")
        profile.rate.times = tuple(times * options["times"] for times in profile.rate.times)
    return profile


def columns(profile: LoadProfile, loaded: LoadedStage) -> tuple[Column, ...]:
    """Return the columns of a comparison: both SOAP backends if a control API can select them, else the stage's own."""
    if profile.pairs is None:
        return ()
    if loaded.stage.control is None:
        return Column.REST, Column.SOAP
    if not loaded.has_soap_registration:
        raise CannotRun(f"release {loaded.described['release']}: has no SOAP registration to compare with")
    return Column.REST, Column.CONVERTER, Column.CLASSIC


def host_of(flag: str, text: str) -> str:
    """Return the host of HOST:PORT."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise click.UsageError(f"{flag} {text}: must be HOST:PORT")
    return host


def count_processes(profile: LoadProfile, target: Target, options: Mapping[str, Any]) -> int:
    """Return the number of processes that make the calls, after checking the flags that decide it."""
    master, ui, processes = options["master"], options["ui"], int(options["processes"])
    several = processes > 1 or master is not None
    if profile.pairs is not None and (several or ui is not None):
        raise click.UsageError(
            "a comparison is one call at a time, from its first round to its last: no --processes, --master or --ui"
        )
    if ui is not None and several:
        raise click.UsageError("--ui is for one process: no --processes or --master")
    if master is None and options["workers"] > 1:
        raise click.UsageError("--workers come to --master; --processes are on this machine")
    if master is not None:
        if processes > 1:
            raise click.UsageError("--processes are on this machine; --workers come to --master")
        host = host_of("--master", master)
        require_loopback("--master", f"http://{master}", allow_remote=options["allow_remote"])
        if isinstance(target, Embedded) and host not in {"127.0.0.1", "localhost"}:
            raise click.UsageError(f"--master {master}: workers on other machines cannot reach the embedded stage")
        processes = int(options["workers"])
    if profile.users is not None and profile.users.count < processes:
        raise click.UsageError(f"{profile.users.count} users cannot be divided over {processes} processes")
    return processes


def require_citizens(run: LoadRun, processes: int) -> None:
    """Require enough citizens that no two simultaneous calls are about the same one."""
    pairs = run.profile.pairs
    if pairs is not None:
        needed = pairs.block * len(run.columns) + asked_citizens(run)
        if len(run.citizens) < needed:
            raise CannotRun(f"people: {len(run.citizens)} are too few; a round of the comparison takes {needed}")
    elif len(run.citizens) < processes:
        raise CannotRun(f"people: {len(run.citizens)} cannot be divided over {processes} processes")
