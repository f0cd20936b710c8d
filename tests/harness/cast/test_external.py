"""External parties: calls are compared field by field, and each is taken by one step only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from generalproeve.base.exit_codes import CannotRun
from generalproeve.cast.casting import read
from generalproeve.cast.comparison import CallComparison, FieldDifference
from generalproeve.cast.external import CalledNot, Choice, ExternalCast, ExternalRole, Task
from generalproeve.cast.instructions import describe
from generalproeve.cast.observations import Observations, ObservedCall
from support.builders import AKASSE, JOBCENTER, NOW, TODAY, YESTERDAY, contract, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.identity import Identity, User
from vos_contracts.model.neighbours import IllnessSource, ReportIllness
from vos_contracts.model.registration import Create, Delete, Kind, RegistrationCommand, Update
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import CallReader
from vos_features.hooks import Omitted
from vos_simulators.party import Channel, Party

CPR, OTHER = "0203840021", "0203840048"
CONTRACT = contract()
READER, COMPARISON = CallReader(CONTRACT), CallComparison(CONTRACT.names)
KSS = identity(JOBCENTER)


class Recorder:
    """A transport that records the calls instead of sending them."""

    def __init__(self) -> None:
        self.call: list[Call] = []

    def send(self, call: Call) -> Response:
        self.call.append(call)
        return Response(200, {}, b'"x"') if not call.path.endswith(".svc") else Response(500, {}, FAULT)


FAULT = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><detail>'
    b'<FaultDetails xmlns="http://service.bm.dk/FaultDetails/2015/01/21/"><ErrorCode>1</ErrorCode></FaultDetails>'
    b"</detail></s:Fault></s:Body></s:Envelope>"
)


def call(
    command: RegistrationCommand | ReportIllness, channel: str = "PVS", who: Identity = KSS, cpr: str = CPR
) -> Call:
    recorder = Recorder()
    party = Party(who, CONTRACT, recorder, new_uuid)
    try:
        if isinstance(command, ReportIllness):
            party.neighbours.report_illness(cpr, command)
        else:
            party.register(cpr, command, Channel(channel))
    except Exception:
        pass
    return recorder.call[0]


def differences(expected: Call, came: Call) -> list[str]:
    return [str(row) for row in COMPARISON.differences(READER.read(expected), READER.read(came))]


CREATE = Create(Kind.KONTAKTGRUPPE, 13, TODAY, event=TODAY)
OTHER_JOBCENTER = replace(KSS, active=replace(JOBCENTER, code="10200"))


@pytest.mark.parametrize("channel", ["PRS", "PVS"])
@pytest.mark.parametrize(
    "came",
    [
        CREATE,
        replace(CREATE, event=None),
        replace(CREATE, id="01a21c78-bb78-769c-ba0c-056b6997fa1d"),
        replace(CREATE, start=NOW),
    ],
)
def test_fields_that_the_caller_may_choose_are_no_difference(channel: str, came: Create) -> None:
    other_user = replace(KSS, user=User("En anden", 2, "en-anden"))
    assert differences(call(CREATE, channel), call(came, channel, other_user)) == []


@pytest.mark.parametrize(
    ("expected", "came", "said"),
    [
        (call(CREATE), call(replace(CREATE, type=4)), ["kontaktgruppeType: ventet 13, kom 4"]),
        (call(CREATE), call(replace(CREATE, start=YESTERDAY)), ["starttidspunkt: ventet 2024-11-18, kom 2024-11-17"]),
        (call(CREATE), call(replace(CREATE, end=TODAY)), ["sluttidspunkt: ventet (intet), kom 2024-11-18"]),
        (call(CREATE), call(CREATE, who=OTHER_JOBCENTER), ["organisation: ventet 8/10100, kom 8/10200"]),
        (call(CREATE), call(CREATE, who=replace(KSS, system=9)), ["kaldende system: ventet 1001, kom 9"]),
        (call(CREATE), call(CREATE, cpr=OTHER), [f"borger: ventet {CPR}, kom {OTHER}"]),
        (
            call(CREATE, "PRS"),
            call(CREATE, "PVS"),
            [
                "kanal: ventet SOAP, kom REST",
                "service: ventet PersonRegistrationService, kom PersonVisiteringService",
                "operation: ventet CreateContactGroup, kom POST kontaktgruppe",
            ],
        ),
        (
            call(Update(Kind.KONTAKTGRUPPE, "a", TODAY)),
            call(Update(Kind.KONTAKTGRUPPE, "b", TODAY)),
            ["id: ventet a, kom b"],
        ),
        (call(Delete(Kind.KONTAKTGRUPPE, "a")), call(Delete(Kind.PERSONKATEGORI, "a")),
         ["operation: ventet DELETE kontaktgruppe, kom DELETE personkategori"]),
    ],
)  # fmt: skip
def test_every_difference_is_reported_by_field(expected: Call, came: Call, said: list[str]) -> None:
    assert differences(expected, came) == said


def test_an_expected_id_must_be_used() -> None:
    with_id = replace(CREATE, id="11111111-1111-7111-8111-111111111111")
    other = replace(CREATE, id="22222222-2222-7222-8222-222222222222")
    assert differences(call(with_id), call(other)) == [f"id: ventet {with_id.id}, kom {other.id}"]
    assert differences(call(with_id), call(CREATE)) == [f"id: ventet {with_id.id}, kom (intet)"]


def test_the_caller_chooses_the_id_of_an_illness() -> None:
    first, second = (ReportIllness(id=new_uuid(), source=IllnessSource.FRAVAER, since=TODAY.date()) for _ in range(2))
    assert differences(call(first), call(second)) == []


def test_an_invalid_call_is_a_difference() -> None:
    real = call(CREATE, "PRS")
    wrong = replace(real, body=real.body.replace(b"ContactGroupStartTime", b"ContactGroupStartDate"))
    assert any("ContactGroupStartDate" in difference for difference in differences(real, wrong))
    without = replace(call(CREATE), headers={})
    assert any(difference.startswith("borger:") for difference in differences(call(CREATE), without))


def test_a_missing_header_is_not_reported_as_a_wrong_organisation() -> None:
    real = call(CREATE)
    headers = {header: value for header, value in real.headers.items() if header.lower() != "x-registrationdatetime"}
    (said,) = differences(real, replace(real, headers=headers))
    assert said.startswith("gyldigt kald: ventet ja, kom ")
    assert "x-registrationdatetime" in said.lower()


def test_only_a_registration_can_be_asked_of_a_party() -> None:
    assert not READER.read(Call("GET", "/v1/PersonVisitering/kontaktgruppe")).registers
    assert not READER.read(Call("POST", "/something/else")).registers
    with pytest.raises(AssertionError, match="is not a registration: a party cannot be instructed"):
        external(Instructor())[0].send(Call("GET", "/v1/PersonVisitering/kontaktgruppe"))


class Instructor:
    def __init__(self, *choices: Choice | None) -> None:
        self.choices = list(choices)
        self.told: list[str] = []

    def assign(self, task: Task) -> None:
        self.told.append("assign")
        self.task = task

    def wait(self, task: Task, remaining: float, closest: Sequence[FieldDifference]) -> Choice | None:
        self.told.append(f"wait {len(closest)}")
        return self.choices.pop(0) if self.choices else None

    def finish(self, task: Task, observed: ObservedCall) -> None:
        self.told.append("finish")

    def expire(self, task: Task, closest: Sequence[FieldDifference]) -> None:
        self.told.append(f"expire {len(closest)}")


class At:
    address = "http://127.0.0.1:8490"


def external(instructor: Instructor, *passed: Call) -> tuple[ExternalRole, list[ObservedCall], Observations]:
    observations, kept = Observations(), list[ObservedCall]()
    for call in passed:
        observations.add(ObservedCall("kss", READER.read(call), call, Response(200, {}, b'"id"'), 0.1))
    cast = ExternalCast(observations, READER, COMPARISON, instructor, 0.0, lambda: "Når ...", kept.append)
    return ExternalRole(cast, "kss", "jobcentret", 1101, At()), kept, observations


AS_KSS = replace(KSS, system=1101, user=User("Ida", 2, "ida"))


def test_a_call_is_taken_as_ours_and_only_once() -> None:
    instructor = Instructor()
    role, *_ = external(instructor, call(CREATE, who=AS_KSS), call(replace(CREATE, type=4), who=AS_KSS))
    assert role.send(call(CREATE)) == Response(200, {}, b'"id"')
    assert [who.user.name for who in role.callers] == ["Ida"]
    assert instructor.told == ["assign", "finish"]
    with pytest.raises(AssertionError, match="kss kaldte anderledes end ventet: kontaktgruppeType: ventet 13, kom 4"):
        role.send(call(CREATE))
    with pytest.raises(CalledNot):
        role.send(call(CREATE))
    role.begin()
    assert role.callers == ()


def test_a_call_about_another_citizen_is_left_alone() -> None:
    other_citizen, other_party = call(CREATE, who=AS_KSS, cpr=OTHER), call(CREATE, who=identity(AKASSE))
    role, kept, observations = external(Instructor(), other_citizen, other_party)
    with pytest.raises(AssertionError, match="organisation"):
        role.send(call(CREATE))
    assert [observed.call for observed in kept] == [other_party], "the breach rests on the call that came close"
    assert [observed.read.citizen for observed in observations.untaken()] == [OTHER]


def test_a_step_can_be_skipped_retried_and_given_up() -> None:
    role, *_ = external(Instructor(Choice.SKIP))
    with pytest.raises(Omitted, match="kss sprang over"):
        role.send(call(CREATE))
    instructor = Instructor(Choice.RETRY)
    role, *_ = external(instructor, call(replace(CREATE, type=4), who=AS_KSS))
    with pytest.raises(CalledNot):
        role.send(call(CREATE))
    assert instructor.told == ["assign", "wait 1", "wait 0", "expire 0"]
    role, *_ = external(Instructor(Choice.GIVE_UP), call(replace(CREATE, type=4), who=AS_KSS))
    for _ in range(2):
        with pytest.raises(Omitted, match="opgivet"):
            role.send(call(CREATE))


def test_the_instruction_names_call_caller_and_address() -> None:
    instructor = Instructor()
    role, *_ = external(instructor)
    with pytest.raises(CalledNot):
        role.send(call(CREATE, "PRS"))
    text = "\n".join(describe(instructor.task))
    for part in ("KSS (jobcentret, 8/10100)", "CreateContactGroup", "fra system 1101", CPR, "= 13", At.address):
        assert part in text


@pytest.mark.parametrize(
    "choice",
    ["kss", "somebody=external", "kss=external:x", "kss=external,port=1", "kss=simulated:1", "kss=external:70000"],
)
def test_an_invalid_cast_option_is_refused(choice: str) -> None:
    with pytest.raises(CannotRun, match="--cast"):
        read([choice])


def test_a_cast_option() -> None:
    kss, akasse = read(["kss=external", "akasse=external:0,system=77", "ksd=simulated"])
    assert (kss.port, kss.system, kss.parties[0]) == (8490, 1101, "jobcentret")
    assert (akasse.port, akasse.system) == (0, 77)
