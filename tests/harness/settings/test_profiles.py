"""Profiles: a whole one is read, and every mistake is reported with file, key and rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.configuration import read
from generalproeve.settings.profiles import read_profile, stage_at
from vos_contracts.model.identity import Organisation
from vos_features.capabilities import OF_CONTROL, Capability
from vos_features.cast import identities
from vos_features.stage import StageAccess
from vos_simulators.people import People

CPR = People(3).new(40, date(2026, 1, 2)).cpr


def read_file(tmp_path: Path, toml: str, name: str = "p", release: str | None = None) -> StageAccess:
    file = tmp_path / "generalproeve.toml"
    file.write_text(toml, "utf-8")
    return read_profile(file, name, read(file, {"HOST": "host.example"}).profiles[name], release)


WHOLE = """
[profile.p]
services = "https://${HOST}:8443/"
release = "2025-1"
timeout = 20
clock = 2024-11-18T09:00:00+01:00
[profile.p.addresses]
WsrmService = "https://queue.example"
PersonVisiteringService = "https://pvs.example"
[profile.p.roles.jobcentret]
organisation = "8/10300"
system = 4711
user_name = "Jo"
user_id = "jo"
[profile.p.roles."anden aktør"]
organisation = "8/10300"
[profile.p.webhooks.jobcentret]
system = "s1"
port = 9000
[[profile.p.citizens]]
cpr = "CPR"
akasse = "81"
kontaktgruppe = 13
""".replace("CPR", CPR)


def test_a_whole_profile(tmp_path: Path) -> None:
    stage = read_file(tmp_path, WHOLE)
    assert stage.services == "https://host.example:8443"
    assert (stage.control, stage.release, stage.deadline) == (None, "2025-1", 20)
    assert stage.clock is not None
    assert stage.clock().isoformat() == "2024-11-18T09:00:00+01:00"
    assert stage.addresses["WsrmService"] == "https://queue.example"
    assert stage.capabilities == {Capability.FETCH_WSRM, Capability.RECEIVE_WSB}
    assert stage.webhooks["jobcentret"].port == 9000
    (citizen,) = stage.pool
    memberships = {(membership.organisation_type, membership.organisation_code) for membership in citizen.memberships}
    assert memberships == {(8, "10300"), (2, "81")}
    assert [kontaktgruppe.type for kontaktgruppe in citizen.kontaktgrupper] == [13]
    parties = identities(stage.clock(), stage.parties)
    assert (parties["jobcentret"].user.name, parties["jobcentret"].system) == ("Jo", 4711)
    assert parties["anden aktør"].user_organisation == Organisation(4, "12345678")
    assert set(parties) == {"jobcentret", "anden aktør"}


def test_an_address_is_a_remote_stage_of_which_nothing_else_is_known() -> None:
    bare = stage_at("https://host.example")
    assert (bare.services, bare.capabilities) == ("https://host.example", {Capability.FETCH_WSRM})
    controlled = stage_at("http://127.0.0.1:8480", "http://127.0.0.1:8481", "2025-2")
    assert controlled.capabilities == frozenset(Capability) - {Capability.RESET}
    assert controlled.release == "2025-2"


def test_capabilities_are_given_by_name(tmp_path: Path) -> None:
    controlled_profile = '[profile.p]\nservices = "http://a"\ncontrol = "http://b"\n'
    assert read_file(tmp_path, controlled_profile).capabilities == frozenset(Capability) - {Capability.RESET}
    chosen = read_file(tmp_path, controlled_profile + 'capabilities = ["seed-citizens"]').capabilities
    assert chosen == {Capability.SEED_CITIZENS, Capability.STATUS}
    assert {Capability.SEED_CITIZENS} < OF_CONTROL


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "services"),
        ('services = "x"', "services: must be an address"),
        ('services = "http://a"\nsomething = 1', "something: unknown key; known are services"),
        ('services = "http://a"\ntimeout = "x"', "timeout: must be seconds, more than 0 and at most 3600, not 'x'"),
        ('services = "http://a"\ncapabilities = ["fly"]', "capabilities: unknown capability; known are"),
        ('services = "http://a"\ncapabilities = ["reset"]', "reset needs a control API"),
        ('services = "http://a"\nclock = 2024-11-18T09:00:00', "clock: must have an offset"),
        ('services = "http://a"\nca = "missing.pem"', "certificate, key or ca"),
        ('services = "http://a"\n[profile.p.addresses]\nX = "http://b"', r"addresses\.X: unknown key; known are"),
        (
            'services = "http://a"\n[profile.p.roles.somebody]\norganisation = "8/1"',
            r"roles\.somebody: unknown key; known are",
        ),
        (
            'services = "http://a"\n[profile.p.roles.STAR]\norganisation = "8"',
            "roles.STAR.organisation: must be TYPE/CODE",
        ),
        ('services = "http://a"\n[profile.p.roles.STAR]\norganisation = "8/1"\nuser_id = "x"', "go together"),
        ('services = "http://a"\n[[profile.p.citizens]]\ncpr = "1"', r"citizens\[0\].cpr: must be ten digits"),
        ('services = "http://a"\n[[profile.p.citizens]]\ncpr = "0101900000"', "could be a human being's"),
    ],
)
def test_a_mistake_is_named_by_key_and_rule(lines: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match=rf"generalproeve\.toml: profile\.p.*{said}"):
        read_file(tmp_path, f"[profile.p]\n{lines}")


def test_a_real_cpr_number_can_be_allowed_and_is_never_shown(tmp_path: Path) -> None:
    toml = '[profile.p]\nservices = "http://a"\n{}\n[[profile.p.citizens]]\ncpr = "0101900000"'
    with pytest.raises(CannotRun) as caught:
        read_file(tmp_path, toml.format(""))
    assert "0101900000" not in str(caught.value)
    assert read_file(tmp_path, toml.format("allow_real_cpr = true")).pool[0].cpr == "0101900000"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"timeout": -1}, "timeout: "),
        ({"quiet": -5}, "quiet: "),
        (
            {"webhooks": {"jobcentret": {"system": "x", "port": 99999}}},
            "webhooks.jobcentret.port: must be a port number 0-65535",
        ),
        ({"key": "x.pem"}, "p.key: needs certificate"),
        ({"roles": {"jobcentret": {"organisation": "8/1", "key": "x.pem"}}}, "jobcentret.key: needs certificate"),
        ({"citizens": [{"cpr": "0203840021"}] * 2}, "citizens[1].cpr: 020384xxxx is listed twice"),
    ],
)
def test_an_unusable_value_is_named_by_file_and_key(table: dict[str, object], said: str) -> None:
    with pytest.raises(CannotRun) as caught:
        read_profile(Path("x.toml"), "p", {"services": "https://host.example", **table})
    assert str(caught.value).startswith("x.toml: profile.p")
    assert said in str(caught.value)
