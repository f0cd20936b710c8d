"""A remote stage as a party meets one: the reference in another process, over HTTPS with client certificates, without a
control API, with citizens of its own; and the profile that describes it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import trustme
from processer import Proces, scene_i_proces

from generalproeve.base.machine_clock import nu
from generalproeve.settings.pool import Citizen, person
from vos_contracts.wire.tid import DANSK_TID
from vos_simulators.control import Styring
from vos_simulators.people import Folk
from vos_simulators.transport import HttpTransport

SYSTEMER = {"kss": 1001, "akasse": 2001, "star": 3001, "ksd": 1003, "lss": 3002, "planner": 1002}
ROLLER = {
    "jobcentret": ("8/10100", "kss"),
    "et andet jobcenter": ("8/10200", "kss"),
    "kommunen": ("7/101", "kss"),
    "a-kassen": ("2/81", "akasse"),
    "en anden a-kasse": ("2/82", "akasse"),
    "KSD": ("7/101", "ksd"),
    "planneren": ("8/10100", "planner"),
    "Landssupporten": ("1/1", "lss"),
    "STAR": ("1/1", "star"),
}
Borgere = list[Mapping[str, object]]


def dag() -> date:
    """Return today in Denmark, as the remote stage has it."""
    return nu().astimezone(DANSK_TID).date()


def pulje(folk: Folk, antal: int = 1) -> Borgere:
    """Think up a pool for the whole suite: `antal` times as many of each kind."""
    i_gaar = dag() - timedelta(days=1)
    borgere: Borgere = []

    def flere(en: int, alder: int, **felter: object) -> None:
        borgere.extend({"cpr": folk.ny(alder, dag()).cpr, **felter} for _ in range(en * antal))

    for medlem in ({}, {"akasse": "81"}):
        flere(20, 40, **medlem)
        flere(5, 25, **medlem)
        for gruppe in (1, 2, 4, 7, 8, 10, 12, 13, 22, 23, 24, 25, 26, 28):
            flere(5, 25 if gruppe in {12, 28} else 40, kontaktgruppe=gruppe, since=i_gaar, **medlem)
        for gruppe, kategori in ((2, 8), (2, 5), (2, 4), (3, 5), (12, 5), (12, 8), (13, 9)):
            flere(4, 25 if gruppe == 12 else 40, kontaktgruppe=gruppe, personkategori=kategori, since=i_gaar, **medlem)
        for gruppe, tilmelding in ((1, 1), (2, 2)):
            flere(10, 40, kontaktgruppe=gruppe, tilmeldekategori=tilmelding, since=i_gaar, **medlem)
        for fravaer in (2, 6, 10, 11):
            flere(2, 40, fravaer=[fravaer], **medlem)
        flere(2, 40, doed=i_gaar, **medlem)
    return borgere


def toml(navn: str, adresse: str, borgere: Sequence[Mapping[str, object]]) -> str:
    """Write the profile."""
    linjer = [
        f"[profile.{navn}]",
        f'services = "{adresse}"',
        'ca = "ca.pem"',
        'certificate = "kss.pem"',
        'key = "kss.key"',
    ]
    for rolle, (organisation, certifikat) in ROLLER.items():
        linjer += [
            f'[profile.{navn}.roles."{rolle}"]',
            f'organisation = "{organisation}"',
            f"system = {SYSTEMER[certifikat]}",
            f'certificate = "{certifikat}.pem"',
            f'key = "{certifikat}.key"',
        ]
    for borger in borgere:
        linjer.append(f"[[profile.{navn}.citizens]]")
        linjer += [f"{noegle} = {_vaerdi(vaerdi)}" for noegle, vaerdi in borger.items()]
    return "\n".join(linjer) + "\n"


def certifikater(mappe: Path) -> tuple[str, ...]:
    """Issue a server certificate and one per calling system; return the flags of the stage that trusts them."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(mappe / "ca.pem")
    for navn, certifikat in (
        ("server", ca.issue_cert("127.0.0.1")),
        *((navn, ca.issue_cert(common_name=navn)) for navn in (*SYSTEMER, "en-fremmed")),
    ):
        certifikat.private_key_pem.write_to_path(mappe / f"{navn}.key")
        (mappe / f"{navn}.pem").write_bytes(b"".join(led.bytes() for led in certifikat.cert_chain_pems))
    systemer = [del_ for navn, tal in SYSTEMER.items() for del_ in ("--client-system", f"{navn}={tal}")]
    return (
        "--tls-certificate", "server.pem", "--tls-key", "server.key", "--client-ca", "ca.pem", *systemer,
    )  # fmt: skip


@contextlib.contextmanager
def fjernscene(
    mappe: Path,
    borgere: Sequence[Mapping[str, object]],
    navn: str = "fjern",
    program: tuple[str, ...] = ("-m", "generalproeve"),
) -> Iterator[Proces]:
    """Put the citizens into a database, serve it as a remote stage, and write generalproeve.toml in that folder."""
    flag = ("--db", "scene.db", "--people", "0")
    with scene_i_proces(*flag, mappe=mappe) as proces:
        with HttpTransport(proces.styring) as styring:
            poster = [msgspec.convert(borger, Citizen) for borger in borgere]
            Styring(styring).opsaet(*(person("pool", post, {}, allow_real=False) for post in poster))
        proces.afbryd()
    with scene_i_proces(*flag, "--no-control", *certifikater(mappe), mappe=mappe, program=program) as proces:
        (mappe / "generalproeve.toml").write_text(toml(navn, proces.tjenester, borgere), "utf-8")
        yield proces


def _vaerdi(vaerdi: object) -> str:
    match vaerdi:
        case str():
            return f'"{vaerdi}"'
        case bool():
            return "true" if vaerdi else "false"
        case date() | datetime():
            return vaerdi.isoformat()
        case _:
            return str(vaerdi)
