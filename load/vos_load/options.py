"""The options of our own on Locust's command line, and the run that they describe."""

from __future__ import annotations

import argparse
import logging
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vos_contracts.contract import load
from vos_contracts.tables.releases import PrsSoap
from vos_load.citizens import invent, populate
from vos_load.load_profile import ClosedUsers, Column, LoadProfile, load_profile
from vos_load.run import LoadRun
from vos_simulators.access import without_token
from vos_simulators.control import Control
from vos_simulators.parties import JOBCENTER, KSS
from vos_simulators.transport import HttpTransport

DEFAULT_PROFILE = "weekday"
DEFAULT_STAGE = {"http://127.0.0.1:8480": "http://127.0.0.1:8481", "http://localhost:8480": "http://localhost:8481"}
"""Where `generalproeve up` answers by default: its services, and its control API."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
logger = logging.getLogger(__name__)
NO_HOST = "give --host, such as http://127.0.0.1:8480"
DEFAULT_HOST = "http://127.0.0.1:8480"
"""The services of `generalproeve up`; a headless run without --host goes there."""


class LoadTestError(Exception):
    """The run cannot be made; the message says why."""


def add_options(parser: Any) -> None:
    """Add our options to Locust's parser."""
    group = parser.add_argument_group("Generalproeve options")

    def add(*flags: str, **kwargs: Any) -> None:
        group.add_argument(*flags, **kwargs).include_in_web_ui = False

    if "--profile" not in parser._option_string_actions:  # newer versions of Locust have it
        add("--profile", help="The load profile: one of the package (weekday if not given), or a TOML file.")
    add("--control", metavar="URL", help="The stage's control API; of --host http://127.0.0.1:8480 it is port 8481.")
    add("--seed", type=int, help="The same seed gives the same citizens and arrivals; a new one, logged, if not given.")
    add("--people", type=int, help="Citizens; the profile says if not given.")
    add("--think", type=float, default=1.0, help="Seconds that a closed user (--users) thinks, on average.")
    add("--contract", metavar="FILE", help="The contract overlay that the stage has.")
    add("--report", metavar="FOLDER", help="Also write report.html, result.json and CSV files there.")
    add("--allow-remote", action="store_true", help="Let the target be another machine.")
    add("--run-file", help=argparse.SUPPRESS)
    add("--result-file", help=argparse.SUPPRESS)


def read_profile(options: Any) -> LoadProfile:
    """Read the profile, and lay Locust's own options over it: `--run-time`, and `--users` for closed users.

    Raises:
        LoadProfileError: it cannot be read or played.
    """
    profile = load_profile(options.profile or DEFAULT_PROFILE)
    profile.people = options.people or profile.people
    if options.run_time:
        profile.duration = f"PT{options.run_time}S"
    if options.num_users is not None and profile.pairs is None:
        profile.users, profile.rate = ClosedUsers(count=options.num_users, think_seconds=options.think), None
    return profile


def check_host(options: Any, host: str) -> None:
    """Refuse an address that is none, or another machine's unless `--allow-remote` says that it is meant.

    Raises:
        LoadTestError: it is refused.
    """
    for flag, address in (("--host", host), ("--control", _control(options, host))):
        if address is None:
            continue
        parts, shown = urlsplit(address), without_token(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise LoadTestError(f"{flag} {shown}: must be an address such as http://127.0.0.1:8480")
        if parts.hostname not in LOOPBACK and not options.allow_remote:
            raise LoadTestError(f"{flag} {shown}: is not on this machine; --allow-remote says that it is meant")


def describe_run(options: Any, profile: LoadProfile, host: str | None) -> tuple[LoadRun, dict[str, str]]:
    """Return the run that the options ask for, its citizens put on the stage, and what is known of the stage.

    Raises:
        LoadTestError: the target is refused, or is no stage for these calls.
    """
    if not host:
        raise LoadTestError(NO_HOST)
    check_host(options, host)
    host, contract = host.rstrip("/"), options.contract
    seed = secrets.randbelow(2**32) if options.seed is None else options.seed
    logger.info("Profile: %s; seed %d", profile.title, seed)
    clock = datetime.now(UTC)  # noqa: TID251 - a target without a control API has the machine's clock
    run = LoadRun(
        profile=profile, services=host, seconds=profile.seconds, seed=seed, organisation=JOBCENTER,
        system=KSS.system, clock=clock, control=_control(options, host), contract=contract,
        columns=(Column.REST, Column.SOAP) if profile.pairs is not None else (),
    )  # fmt: skip
    hash_ = load(None if contract is None else Path(contract)).hash
    stage = {"target": without_token(host), "release": "unknown", "contract": hash_}
    if run.control is None:
        run.citizens = invent(run.seed, profile.people, run.clock.date())
        return run, stage
    with HttpTransport(run.control, timeout=60) as control:
        status = Control(control).status()
        if status.contract_hash != hash_:
            overlay = status.overlay or "no overlay"
            raise LoadTestError(f"the stage has another contract ({overlay}) than the calls; give --contract")
        populate(run, control)
    stage |= {"release": status.release, "backend": str(status.backend), "latency": status.latency or "off"}
    if profile.pairs is not None:
        if status.backend is PrsSoap.WITHDRAWN:
            raise LoadTestError(f"release {status.release}: has no SOAP registration to compare with")
        run.columns = (Column.REST, Column.CONVERTER, Column.CLASSIC)
    return run, stage


def _control(options: Any, host: str) -> str | None:
    given = options.control or DEFAULT_STAGE.get(host.rstrip("/"), "")
    return given.rstrip("/") or None
