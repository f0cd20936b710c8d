"""The neighbour services in front of an internal interface that fails or answers wrongly."""

from __future__ import annotations

import asyncio

import pytest

from support.builders import NOW, contract, identity
from vos_contracts.control import neighbours as control
from vos_contracts.control.neighbours import NeighbourError, NeighbourResponse
from vos_contracts.model import neighbours
from vos_contracts.model.neighbours import SERVICES, CreateTilmelding
from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.schemas import services
from vos_contracts.wire.soap.tilmelding import EnrolmentBody
from vos_simulators.neighbours.services import Neighbours

CPR = "0203840021"
ENROL = CreateTilmelding(category=1, unemployment_degree=1, on_date=NOW.date())


class Reference:
    """An internal interface that always gives the same answer and records the calls."""

    def __init__(self, response: Response) -> None:
        self._response = response
        self.calls: list[Call] = []

    async def send(self, call: Call) -> Response:
        self.calls.append(call)
        return self._response


def call(internal: Reference) -> Response:
    service = services(contract())[SERVICES[0]]
    _, body = EnrolmentBody(contract()).write(CPR, ENROL)
    neighbours = Neighbours(contract(), internal, lambda: "new-id")
    soap_call = Call("POST", service.path, {"content-type": "text/xml"}, envelope.write_call(identity(), body))
    return asyncio.run(AsgiTransport(neighbours).send(soap_call))


def error_codes(response: Response) -> list[int]:
    fault = envelope.read_response(response.body)
    assert isinstance(fault, envelope.Fault)
    return [error.code for error in fault.errors]


def test_a_call_is_forwarded_with_the_whole_identity() -> None:
    internal = Reference(Response(200, body=control.encode_answer(NeighbourResponse(id="id", instant=NOW))))
    response = call(internal)
    assert response.status == 200
    (told,) = internal.calls
    assert (told.method, told.path) == ("POST", control.PATH)
    assert control.decode_call(told.body) == neighbours.NeighbourCall(
        service="UnemploymentEnrollmentService.UnemploymentEnrollment",
        cpr=CPR,
        identity=control.decode_call(told.body).identity,
        command=ENROL,
    )
    # the system comes from the connection, not from a header; it is 0 without one
    who = control.decode_call(told.body).identity
    assert (who.active, who.user, who.system) == (identity().active, identity().user, 0)


def test_a_refusal_becomes_a_fault_with_all_error_codes() -> None:
    errors = (NeighbourError(4313), NeighbourError(4338, "i morgen"))
    response = call(Reference(Response(200, body=control.encode_answer(NeighbourResponse(errors=errors)))))
    assert (response.status, error_codes(response)) == (500, [4313, 4338])
    assert "i morgen" in response.body.decode()


def test_an_unavailable_database_can_be_retried() -> None:
    response = call(Reference(Response(503)))
    assert (error_codes(response), response.headers["retry-after"]) == ([1011], "1")


GOOD = control.encode_answer(NeighbourResponse(id="id", instant=NOW))


@pytest.mark.parametrize(
    ("internal", "reason"),
    [
        (Response(400, body=GOOD), "answered 400 to UnemploymentEnrollmentService.UnemploymentEnrollment"),
        (Response(500, body=GOOD), "answered 500 to UnemploymentEnrollmentService.UnemploymentEnrollment"),
        (Response(200, body=control.encode_answer(NeighbourResponse(id="id"))), "did not say when it was carried out"),
        (Response(200), "Input data was truncated"),
    ],
)
def test_any_other_answer_is_an_internal_error_with_its_reason_only_in_the_log(
    internal: Response, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = call(Reference(internal))
    assert (response.status, error_codes(response)) == (500, [1011])
    assert reason in caplog.text
    assert reason.encode() not in response.body
