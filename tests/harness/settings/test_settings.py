"""The table of settings: keys of the file, flags, checks, schema, and the configuration of the reference."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import click
import jsonschema_rs
import msgspec
import pytest
from click.testing import CliRunner

from generalproeve.base.exit_codes import CannotRun
from generalproeve.cli.up import up
from generalproeve.settings.configuration import read
from generalproeve.settings.limits import Limits
from generalproeve.settings.options import Given, settings_options
from generalproeve.settings.profiles import ProfileSettings
from generalproeve.settings.reading import fields_of
from generalproeve.settings.schema import file_schema
from generalproeve.settings.stage import StageSettings
from vos_reference.config import Configuration

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "generalproeve.schema.json"
WHOLE = """
[stage]
db = "a/stage.db"
port = 0
clock = 2024-11-18T09:00:00+01:00
backend = "converter"
wsb_mode = "designed"
webhook_hosts = ["Star.Example"]
without = ["IllnessCompositeService"]
latency = "slow.toml"
control_token = "${TOKEN}"
control = false
[stage.client_systems]
kss = 4711
[stage.limits]
body = 65536
idle_seconds = 2
"""


def write(tmp_path: Path, toml: str) -> Path:
    file = tmp_path / "generalproeve.toml"
    file.write_text(toml, "utf-8")
    return file


def stage(tmp_path: Path, toml: str) -> StageSettings:
    return read(write(tmp_path, toml), {"TOKEN": "0123456789abcdef"}).stage


def test_a_whole_table(tmp_path: Path) -> None:
    found = stage(tmp_path, WHOLE)
    assert found.db == (tmp_path / "a" / "stage.db").resolve()
    assert found.latency == (tmp_path / "slow.toml").resolve()
    assert (found.backend, found.wsb_mode) == ("converter", "designed")
    assert (found.webhook_hosts, found.without) == (("star.example",), ("IllnessCompositeService",))
    assert (found.control_token, found.control, found.client_systems) == ("0123456789abcdef", False, {"kss": 4711})
    assert found.limits == Limits(body=65536, idle_seconds=2.0)


def test_all_mistakes_of_a_file_are_reported_together(tmp_path: Path) -> None:
    toml = "[stage]\nprot = 1\nport = true\nwebhook_timeout = nan\nlimits.body = 0\nhost = ''\n"
    with pytest.raises(CannotRun) as caught:
        stage(tmp_path, toml)
    file = tmp_path / "generalproeve.toml"
    first, *others = str(caught.value).splitlines()
    assert first.startswith(f"{file}: stage.prot: unknown key; known are db, release, ")
    assert first.endswith("; did you mean port?")
    assert others == [
        f"{file}: stage.port: must be a port number 0-65535, not True",
        f"{file}: stage.webhook_timeout: must be seconds, more than 0 and at most 300, not nan",
        f"{file}: stage.host: must be a text, not ''",
        f"{file}: stage.limits.body: must be a whole number, more than 0 and at most 67108864, not 0",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("broker = 'http://u:pa55word@localhost/'", "stage.broker: must begin with amqp://"),
        ("broker = 'amqp://u:pa55word@elsewhere/'", "stage.broker: the broker must be on loopback"),
        ("control_token = 'pa55word'", "stage.control_token: must be at least 16 letters, digits, - and _"),
    ],
)
def test_an_error_message_does_not_repeat_a_secret(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(CannotRun) as caught:
        stage(tmp_path, f"[stage]\n{line}\n")
    assert said in str(caught.value)
    assert "pa55word" not in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("tls_key = 'x'", "stage.tls_key: needs tls_certificate"),
        ("tls_certificate = 'x'", "stage.tls_certificate: needs tls_key"),
        ("tls_certificate = 'x'\ntls_key = 'x'\nclient_systems.a = 1", "stage.client_systems: needs client_ca"),
    ],
)
def test_tls_keys_that_need_another_key(tmp_path: Path, lines: str, said: str) -> None:
    with pytest.raises(CannotRun, match=said):
        _ = stage(tmp_path, f"[stage]\n{lines}\n").tls


def test_a_flag_overrides_a_default_and_a_default_the_file(tmp_path: Path) -> None:
    given = Given(write(tmp_path, "[stage]\nport = 1\ncontrol_port = 1\nhost = 'a'\n"), {"port": 3})
    found = given.settings(port=2, control_port=2)
    assert (found.port, found.control_port, found.host) == (3, 2, "a")


def test_the_flags_are_collected_into_one_object() -> None:
    collected: list[Given] = []

    @click.command()
    @settings_options("up")
    def command(given: Given) -> None:
        collected.append(given)

    flags = [
        "--no-control",
        "--allow-remote",
        "--limit",
        "depth=3",
        "--limit",
        "idle_seconds=0.5",
        "--client-system",
        "a=1",
    ]
    assert CliRunner().invoke(command, [*flags, "--port", "0", "--latency", "off"]).exit_code == 0
    (given,) = collected
    found = given.settings()
    assert found == StageSettings(
        control=False,
        allow_remote=True,
        limits=Limits(depth=3, idle_seconds=0.5),
        client_systems={"a": 1},
        port=0,
    )
    assert list(Given(flags=given.flags).arguments())[-1] == "--no-control"


@pytest.mark.parametrize("command", ["up", "test", "load", "fuzz"])
def test_every_flag_has_a_help_text(command: str) -> None:
    @click.command()
    @settings_options(command)
    def nothing(given: Given) -> None: ...

    flags = {flag for parameter in nothing.params for flag in parameter.opts}
    assert {"--config", "--contract"} <= flags
    assert all(isinstance(each, click.Option) and each.help for each in nothing.params)


def test_up_takes_every_setting() -> None:
    flags = {flag for parameter in up.params for flag in parameter.opts}
    assert {each.flag for each in fields_of(StageSettings).values()} <= flags


def test_every_key_of_a_profile_is_described() -> None:
    assert all(each.setting.help for each in fields_of(ProfileSettings).values())


def test_the_configuration_of_the_reference_is_filled_by_name() -> None:
    names = {field.name for field in fields(Configuration)}
    assert names <= {each.name for each in msgspec.structs.fields(StageSettings)} | {"body_limits"}
    assert isinstance(StageSettings.body_limits, property)


def test_the_schema_in_the_documentation_is_the_one_that_is_printed() -> None:
    again = "generalproeve config schema > docs/generalproeve.schema.json"
    assert json.loads(SCHEMA.read_text("utf-8")) == file_schema(), again


def test_the_schema_and_the_reader_accept_the_same() -> None:
    validator = jsonschema_rs.validator_for(dict(file_schema()))
    good = {
        "stage": {"port": 0, "backend": "classic", "limits": {"body": 1}, "without": ["IllnessCompositeService"]},
        "profile": {
            "p": {"services": "https://a", "roles": {"STAR": {"organisation": "8/1"}}, "citizens": [{"cpr": "1"}]}
        },
    }
    assert validator.is_valid(good)
    for bad in (
        {"stag": {}},
        {"stage": {"prot": 1}},
        {"stage": {"port": 65536}},
        {"stage": {"backend": "withdrawn"}},
        {"stage": {"limits": {"body": 0}}},
        {"stage": {"control_token": "short"}},
        {"stage": {"without": ["WsrmService"]}},
        {"profile": {"p": {}}},
        {"profile": {"p": {"services": "https://a", "roles": {"nobody": {"organisation": "8/1"}}}}},
    ):
        assert not validator.is_valid(bad), bad
