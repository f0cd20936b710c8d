"""Targets: one string, resolved together with the flags of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.options import Given
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.target import REHEARSAL_DAY, Embedded, Remote, resolve
from vos_contracts.tables.releases import PrsSoap

PROFILE = '[stage]\nrelease = "2025-1"\nlatency = "epic"\n[profile.p]\nservices = "https://host.example"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "generalproeve.toml"
    path.write_text(PROFILE, "utf-8")
    return path


def test_the_embedded_stage_gets_free_ports_and_a_frozen_clock() -> None:
    resolved = resolve("embedded:", Given())
    assert resolved.target == Embedded("2024-4")
    assert resolved.settings == StageSettings(port=0, control_port=0, clock=REHEARSAL_DAY)


def test_a_flag_overrides_the_target_and_the_target_the_file(file: Path) -> None:
    assert resolve("embedded:", Given(file)).target == Embedded("2025-1")
    assert resolve("embedded:release=2024-3,backend=classic", Given(file)).target == Embedded("2024-3", PrsSoap.CLASSIC)
    flags = Given(file, {"release": "2025-2", "backend": "converter"})
    resolved = resolve("embedded:release=2024-3,backend=classic", flags)
    assert resolved.target == Embedded("2025-2", PrsSoap.CONVERTER)
    assert resolved.target.identity == "reference 2025-2, converter"


def test_a_default_of_the_command_overrides_the_file_and_the_target_both(file: Path) -> None:
    assert resolve("embedded:", Given(file)).settings.latency == "epic"
    assert resolve("embedded:", Given(file), latency=None).settings.latency is None
    assert resolve("embedded:latency=epic", Given(file), latency=None).settings.latency == "epic"


def test_the_flags_for_another_process_include_the_parameters_of_the_target(file: Path) -> None:
    given = Given(file, {"without": ("IllnessCompositeService",), "db": Path("x.db")})
    arguments = list(resolve("embedded:backend=classic", given).given.arguments())
    assert arguments == [
        "--config", str(file), "--backend", "classic", "--without", "IllnessCompositeService", "--db", "x.db",
    ]  # fmt: skip


def test_a_profile_and_an_address_are_remote(file: Path) -> None:
    named = resolve("p", Given(file)).target
    assert isinstance(named, Remote)
    assert named.identity == "p (https://host.example)"
    overlaid = resolve("https://host.example", Given(flags={"release": "2025-2", "contract": Path("mine")})).target
    assert isinstance(overlaid, Remote)
    assert (overlaid.identity, overlaid.stage.release) == ("https://host.example", "2025-2")
    assert overlaid.stage.contract == Path("mine")


@pytest.mark.parametrize("flags", [{"db": Path("x")}, {"backend": "classic"}, {"clock": "x"}, {"latency": "epic"}])
def test_flags_of_the_embedded_stage_are_refused_for_a_remote_one(flags: dict[str, Any]) -> None:
    with pytest.raises(click.UsageError, match=f"--{min(flags)} is for the embedded stage"):
        resolve("https://host.example", Given(flags=flags))


def test_another_machine_needs_permission() -> None:
    with pytest.raises(CannotRun, match=r"target https://host\.example: is not on this machine"):
        resolve("https://host.example", Given(), allow_remote=False)
    assert isinstance(resolve("http://127.0.0.1:1", Given(), allow_remote=False).target, Remote)


@pytest.mark.parametrize(
    ("text", "control", "said"),
    [
        ("", None, "must be embedded:"),
        ("something", None, r"must be embedded:.*backend=classic\|converter"),
        ("embedded", None, "must be embedded:"),
        ("embedded:x=1", None, "'x=1' is not release=RELEASE"),
        ("embedded:backend=x", None, "backend: must be classic or converter, not 'x'"),
        ("embedded:", "http://127.0.0.1:1", "has its own control API"),
        ("ftp://x", None, "must be embedded:"),
        ("https://", None, "services: must be an address"),
    ],
)
def test_an_invalid_target_is_refused(text: str, control: str | None, said: str) -> None:
    with pytest.raises(CannotRun, match=rf"target.*{said}"):
        resolve(text, Given(), control=control)
