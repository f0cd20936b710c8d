"""Latency models: validation, the choice of a rule, and the distribution of the drawn times."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from importlib.resources import files
from math import log, sqrt
from pathlib import Path
from statistics import NormalDist

import msgspec
import pytest

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.values import LATENCIES
from generalproeve.stage.latency.distribution import Lognormal, UniformDistribution, uniform_stream
from generalproeve.stage.latency.layer import Rule
from generalproeve.stage.latency.lookup import Lookup
from generalproeve.stage.latency.measurement import CallOutcome
from generalproeve.stage.latency.model import FaultEntry, Model, RuleEntry, load, read
from support.builders import contract
from vos_contracts import requirements
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.calls import CallChannel, CalledOperation

DRAWN = 20_000
NO_TIME = UniformDistribution(0, 0)
LIMIT = 1.63 / sqrt(DRAWN)
"""The Kolmogorov-Smirnov distance that a true sample exceeds once in a hundred; the random numbers are seeded."""
FAULTS = "[[rule]]\n[rule.faults]\n"


def model(text: str) -> Model:
    return read("slow.toml", tomllib.loads(text), "slow.toml", marked=True)


def rules(text: str) -> dict[tuple[str, str, str], set[int]]:
    found: dict[tuple[str, str, str], set[int]] = {}
    for (called, _), number in Lookup(contract()).rules(model(text)).items():
        found.setdefault((called.channel, called.service, called.operation), set()).add(number)
    return found


# distributions


@pytest.mark.parametrize(
    ("text", "described"),
    [
        (
            "median_ms = 600\np95_ms = 900",
            lambda s: NormalDist(log(0.6), log(1.5) / NormalDist().inv_cdf(0.95)).cdf(log(s)),
        ),
        ("uniform_ms = [10, 30]", lambda seconds: min(max((seconds - 0.01) / 0.02, 0.0), 1.0)),
    ],
    ids=["log-normal", "uniform"],
)
def test_a_sample_is_distributed_as_described(text: str, described: Callable[[float], float]) -> None:
    rule = Rule(0, model(f"[[rule]]\n{text}\n").distributions[0], FaultEntry(), uniform_stream("a"))
    sample = sorted(rule.draw()[1] for _ in range(DRAWN))
    assert max(abs(described(seconds) - (nr + 0.5) / DRAWN) for nr, seconds in enumerate(sample)) < LIMIT


def test_sigma_and_p95_are_equivalent_and_a_fixed_time_is_constant() -> None:
    by_p95, by_sigma, fixed = model(
        "[[rule]]\nchannel = 'rest'\nmedian_ms = 5\np95_ms = 8\n"
        f"[[rule]]\nchannel = 'soap'\nmedian_ms = 5\nsigma = {log(8 / 5) / NormalDist().inv_cdf(0.95)}\n"
        "[[rule]]\nfixed_ms = 30\n"
    ).distributions
    for share in (0.0, 0.05, 0.5, 0.95, 0.999):
        assert by_p95.quantile(share) == pytest.approx(by_sigma.quantile(share))
        assert fixed.quantile(share) == 0.03
    assert by_p95.quantile(0.95) == pytest.approx(0.008)


def test_faults_are_drawn_in_the_described_shares() -> None:
    rule = Rule(
        0,
        UniformDistribution(0, 0),
        FaultEntry(error_share=0.1, reset_share=0.05, timeout_share=0.02),
        uniform_stream("c"),
    )
    drawn = [rule.draw()[0] for _ in range(DRAWN)]
    for outcome, share in ((CallOutcome.ERROR, 0.1), (CallOutcome.RESET, 0.05), (CallOutcome.SILENT, 0.02)):
        assert abs(drawn.count(outcome) / DRAWN - share) < 2.6 * sqrt(share * (1 - share) / DRAWN), outcome


def test_a_seed_repeats_the_times_and_faults_do_not_shift_them() -> None:
    def times(seed: str, faults: FaultEntry) -> list[float]:
        rule = Rule(0, Lognormal(0.005, 0.3), faults, uniform_stream(seed))
        return [rule.draw()[1] for _ in range(100)]

    assert times("1", FaultEntry()) == times("1", FaultEntry(error_share=0.5))
    assert times("1", FaultEntry()) != times("2", FaultEntry())


# the epic's model


def test_the_epics_model_quotes_the_epic() -> None:
    toml = files("generalproeve.stage.latency").joinpath("epic.toml").read_text("utf-8")
    written = " ".join(toml.replace("#", " ").split())
    assert requirements.load()["svartid_faktor_100"].text in written
    _, because, why = requirements.load()["svartid_soap_langsommere"].text.partition("Det skyldes")
    assert because + why in written
    assert "REST versioner." in why


def test_the_epics_model_is_4_to_8_ms_and_100_times_that_where_soap_is_converted() -> None:
    epic = load("epic")
    chosen = Lookup(contract()).rules(epic)

    def p05_p95(channel: CallChannel, service: str, operation: str, backend: PrsSoap | None) -> tuple[float, ...]:
        distribution = epic.distributions[chosen[CalledOperation(channel, service, operation), backend]]
        return tuple(distribution.quantile(share) * 1000 for share in (0.05, 0.95))

    assert epic.name == "epic"
    rest = p05_p95(CallChannel.REST, "PersonVisiteringService", "CreateKontaktgruppe", None)
    assert rest == pytest.approx((4, 8), rel=0.001)
    soap = (CallChannel.SOAP, "PersonRegistrationService", "CreateContactGroup")
    assert p05_p95(*soap, PrsSoap.CONVERTER) == pytest.approx((400, 800), rel=0.001)
    assert p05_p95(*soap, PrsSoap.CLASSIC) == rest
    assert p05_p95(CallChannel.SOAP, "WsrmService", "CreateSequence", None) == rest


# the choice of a rule


def test_only_a_call_of_a_service_has_an_operation() -> None:
    """The choice of the operation is tested in tests/contracts/test_calls.py."""
    lookup, prs = Lookup(contract()), "/PjakTassWCFtService/9/PersonRegistrationService.svc"

    def called(method: str, path: str, *headers: tuple[bytes, bytes], type_: str = "http") -> CalledOperation | None:
        return lookup({"type": type_, "method": method, "path": path, "headers": headers})

    create = CalledOperation(CallChannel.SOAP, "PersonRegistrationService", "CreateContactGroup")
    assert called("POST", prs, (b"host", b"x"), (b"soapaction", b'"x#CreateContactGroup"')) == create
    assert called("POST", prs) == CalledOperation(CallChannel.SOAP, "PersonRegistrationService")
    assert called("GET", "/v1/Kodeliste") == CalledOperation(CallChannel.REST, "KodelisteService", "GetKodelister")
    for method, path in (("GET", prs), ("GET", "/openapi.json"), ("DELETE", "/v1/Kodeliste"), ("GET", "/")):
        assert called(method, path) is None
    assert called("GET", "/v1/Kodeliste", type_="lifespan") is None


def test_every_operation_can_be_named_alone() -> None:
    for called in Lookup(contract()).operations:
        if called.operation:
            named = (
                f"channel = '{called.channel.lower()}'\nservice = '{called.service}'\noperation = '{called.operation}'"
            )
            assert set(rules(f"[[rule]]\n{named}\nfixed_ms = 1\n")) == {
                (called.channel, called.service, called.operation)
            }


def test_the_first_matching_rule_applies() -> None:
    services = "service = ['PersonStatusService', 'KodelisteService']"
    found = rules(f"[[rule]]\n{services}\nfixed_ms = 1\n[[rule]]\nchannel = 'soap'\nfixed_ms = 2\n")
    assert found["SOAP", "PersonStatusService", ""] == {0}
    assert found["REST", "KodelisteService", "GetKodelister"] == {0}
    assert found["SOAP", "PersonHistoryService", ""] == {1}
    assert "PersonVisiteringService" not in {service for _, service, _ in found}


# validation


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "slow.toml: Object missing required field `rule`"),
        ("rule = []", "slow.toml: rule: Expected `array` of length >= 1"),
        ("[[rule]]", "rule[0]: has neither a time (median_ms, fixed_ms, uniform_ms) nor faults"),
        ("[[rule]]\nmedain_ms = 1", "rule[0]: Object contains unknown field `medain_ms`"),
        ("[[rule]]\nfixed_ms = nan", "rule[0].fixed_ms: Expected `float` >= 0.0"),
        ("[[rule]]\nmedian_ms = 0\nsigma = 1", "rule[0].median_ms: Expected `float` >= 0.001"),
        ("[[rule]]\nmedian_ms = 5", "rule[0].median_ms: needs either p95_ms or sigma, and not both"),
        ("[[rule]]\nmedian_ms = 5\np95_ms = 8\nsigma = 1", "rule[0].median_ms: needs either p95_ms or sigma, and not"),
        ("[[rule]]\nmedian_ms = 5\np95_ms = 4", "rule[0].p95_ms: must be at least median_ms, not 4"),
        ("[[rule]]\nsigma = 1", "rule[0].sigma: needs median_ms"),
        ("[[rule]]\nfixed_ms = 1\nuniform_ms = [1, 2]", "rule[0]: fixed_ms and uniform_ms are two distributions"),
        ("[[rule]]\nuniform_ms = [2, 1]", "rule[0].uniform_ms: must be [low, high], not [2.0, 1.0]"),
        ("[[rule]]\nchannel = 'graphql'\nfixed_ms = 1", "rule[0].channel: Invalid enum value 'graphql'"),
        ("[[rule]]\nservice = 'PRS'\nfixed_ms = 1", "rule[0].service: 'PRS' is unknown; known are PersonVisiter"),
        ("[[rule]]\noperation = 'Create'\nfixed_ms = 1", "rule[0].operation: 'Create' is unknown; known are Cr"),
        (
            "[[rule]]\nchannel = 'rest'\nservice = 'WsrmService'\nfixed_ms = 1",
            "never used: no call matches all of its keys",
        ),
        (
            "[[rule]]\nfixed_ms = 1\n[[rule]]\nfixed_ms = 2",
            "rule[1]: is never used: an earlier rule matches each",
        ),
        (FAULTS, "rule[0].faults: the shares must be more than 0 and at most 1 together, not 0"),
        (FAULTS + "error_share = 0.6\nreset_share = 0.6", "more than 0 and at most 1 together, not 1.2"),
        (FAULTS + "error_share = 1\ntimeout_after = true", "rule[0].faults.timeout_after: needs timeout_share"),
        (FAULTS + "error_share = 1\nreset_after = true", "rule[0].faults.reset_after: needs reset_share"),
    ],
)
def test_each_kind_of_mistake_is_reported_with_file_rule_and_key(text: str, said: str) -> None:
    with pytest.raises(CannotRun, match=r"^slow\.toml: ") as refused:
        Lookup(contract()).rules(model(text))
    assert said in str(refused.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match=r"latency epci: there is no such file; the models with a name are epic"):
        load(Path("epci"))
    (tmp_path / "broken.toml").write_text("[[rule", "utf-8")
    with pytest.raises(CannotRun, match=r"broken\.toml: Expected"):
        load(tmp_path / "broken.toml")


def test_the_name_of_a_model_from_a_file_contains_a_hash(tmp_path: Path) -> None:
    names = []
    for text in ("[[rule]]\nfixed_ms = 1\n", "# the same\n[[rule]]\nfixed_ms = 1.0\n", "[[rule]]\nfixed_ms = 2\n"):
        (tmp_path / "slow.toml").write_text(text, "utf-8")
        names.append(load(tmp_path / "slow.toml").name)
    assert names[0].startswith("slow.toml (")
    assert names[0] == names[1] != names[2]


def test_the_document_has_every_key_and_valid_examples() -> None:
    document = Path(__file__).parents[4].joinpath("docs", "latency.md").read_text("utf-8")
    keys = [
        key.name for entry in (RuleEntry, FaultEntry) for key in msgspec.structs.fields(entry) if key.name != "faults"
    ]
    assert [key for key in keys if not re.search(rf"`(faults\.)?{key}`", document)] == []
    assert requirements.load()["svartid_faktor_100"].text in document
    example = "\n".join(re.findall(r"^    (.*)|^$", document.partition("## A model of your own")[2], re.MULTILINE))
    assert {number for numbers in rules(example[: example.index("curl")]).values() for number in numbers} == {0, 1}
    bodies = [json.loads(body) for body in re.findall(r"-d '(.*)'$", document, re.MULTILINE)]
    assert bodies[0] in LATENCIES
    assert Lookup(contract()).rules(read("body", bodies[1], "control"))
