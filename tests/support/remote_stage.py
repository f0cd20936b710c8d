"""A remote stage: the reference in another process, over HTTPS with client certificates, without a control API, with its own
citizens; and the profile in generalproeve.toml that describes it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import trustme

from generalproeve.base.machine_clock import now
from generalproeve.settings.pool import PoolCitizen, person
from support.processes import StageProcess, stage_process
from vos_contracts.wire.instants import DANISH_TIME
from vos_simulators.control import Control
from vos_simulators.people import People
from vos_simulators.transport import HttpTransport

SYSTEMS = {
    "kss": 1001,
    "akasse": 2001,
    "star": 3001,
    "ksd": 1003,
    "lss": 3002,
    "planner": 1002,
    "jobnet": 32,
    "vitas": 3005,
}
PARTIES = {
    "jobcentret": ("8/10100", "kss"),
    "et andet jobcenter": ("8/10200", "kss"),
    "kommunen": ("7/101", "kss"),
    "a-kassen": ("2/81", "akasse"),
    "en anden a-kasse": ("2/82", "akasse"),
    "KSD": ("7/101", "ksd"),
    "planneren": ("8/10100", "planner"),
    "a-kassens sagsbehandler på Jobnet": ("2/81", "jobnet"),
    "jobcentrets sagsbehandler på Jobnet": ("8/10100", "jobnet"),
    "et andet jobcenters sagsbehandler på Jobnet": ("8/10200", "jobnet"),
    "VITAS": ("8/10100", "vitas"),
    "Landssupporten": ("1/1", "lss"),
    "STAR": ("1/1", "star"),
}
Citizens = list[Mapping[str, object]]


def day() -> date:
    """Return today in Denmark by the machine clock, which the remote stage uses."""
    return now().astimezone(DANISH_TIME).date()


def pool(people: People, count: int = 1) -> Citizens:
    """Generate a pool for the whole suite: `count` times the basic number of each kind of citizen."""
    yesterday = day() - timedelta(days=1)
    citizens: Citizens = []

    def add(number: int, age: int, **fields: object) -> None:
        citizens.extend({"cpr": people.new(age, day()).cpr, **fields} for _ in range(number * count))

    for member in ({}, {"akasse": "81"}):
        add(20, 40, **member)
        add(5, 25, **member)
        for group in (1, 2, 4, 7, 8, 10, 12, 13, 22, 23, 24, 25, 26, 28):
            add(5, 25 if group in {12, 28} else 40, kontaktgruppe=group, since=yesterday, **member)
        for group, category in ((2, 8), (2, 5), (2, 4), (3, 5), (12, 5), (12, 8), (13, 9)):
            add(4, 25 if group == 12 else 40, kontaktgruppe=group, personkategori=category, since=yesterday, **member)
        for group, tilmelding in ((1, 1), (2, 2), (8, 5)):
            add(10, 40, kontaktgruppe=group, tilmeldekategori=tilmelding, since=yesterday, **member)
        for fravaer in (2, 6, 10, 11):
            add(2, 40, fravaer=[fravaer], **member)
        add(2, 40, dead=yesterday, **member)
    return citizens


def toml(name: str, address: str, citizens: Sequence[Mapping[str, object]]) -> str:
    """Return the profile as TOML."""
    lines = [
        f"[profile.{name}]",
        f'services = "{address}"',
        'ca = "ca.pem"',
        'certificate = "kss.pem"',
        'key = "kss.key"',
    ]
    for party, (organisation, certificate) in PARTIES.items():
        lines += [
            f'[profile.{name}.roles."{party}"]',
            f'organisation = "{organisation}"',
            f"system = {SYSTEMS[certificate]}",
            f'certificate = "{certificate}.pem"',
            f'key = "{certificate}.key"',
        ]
    for citizen in citizens:
        lines.append(f"[[profile.{name}.citizens]]")
        lines += [f"{key} = {_value(value)}" for key, value in citizen.items()]
    return "\n".join(lines) + "\n"


def certificates(folder: Path) -> tuple[str, ...]:
    """Issue a server certificate and one per calling system; return the flags of the stage that trusts them."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    for name, certificate in (
        ("server", ca.issue_cert("127.0.0.1")),
        *((name, ca.issue_cert(common_name=name)) for name in (*SYSTEMS, "en-fremmed")),
    ):
        certificate.private_key_pem.write_to_path(folder / f"{name}.key")
        (folder / f"{name}.pem").write_bytes(b"".join(pem.bytes() for pem in certificate.cert_chain_pems))
    systems = [argument for name, number in SYSTEMS.items() for argument in ("--client-system", f"{name}={number}")]
    return (
        "--tls-certificate", "server.pem", "--tls-key", "server.key", "--client-ca", "ca.pem", *systems,
    )  # fmt: skip


@contextlib.contextmanager
def remote_stage(
    folder: Path,
    citizens: Sequence[Mapping[str, object]],
    name: str = "remote",
    program: tuple[str, ...] = ("-m", "generalproeve"),
) -> Iterator[StageProcess]:
    """Seed a database with the citizens, serve it as a remote stage, and write generalproeve.toml to that folder."""
    flags = ("--db", "stage.db", "--people", "0")
    with stage_process(*flags, folder=folder) as process:
        with HttpTransport(process.control) as control:
            entries = [msgspec.convert(citizen, PoolCitizen) for citizen in citizens]
            Control(control).set_up(*(person("pool", entry, {}, allow_real=False) for entry in entries))
        process.interrupt()
    with stage_process(*flags, "--no-control", *certificates(folder), folder=folder, program=program) as process:
        (folder / "generalproeve.toml").write_text(toml(name, process.services, citizens), "utf-8")
        yield process


def _value(value: object) -> str:
    match value:
        case str():
            return f'"{value}"'
        case bool():
            return "true" if value else "false"
        case date() | datetime():
            return value.isoformat()
        case _:
            return str(value)
