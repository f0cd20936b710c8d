"""Hostile receivers of webservice messages: foreign addresses, redirects, and compressed answers."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from support.adversary import FROZEN, MIB, Adversary, status
from support.builders import JOBCENTER, TODAY, identity
from support.processes import stage_process
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish

SYSTEM = "0193e6a0-0000-7000-8000-0000000000bb"
DEADLINE_S = 30


@pytest.fixture(scope="module")
def adversary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adversary]:
    with stage_process(*FROZEN, "--wsb-mode", "designed", folder=tmp_path_factory.mktemp("stage")) as process:
        yield Adversary(process)
        Adversary(process).neighbour_served()


def create(adversary: Adversary, base_url: str) -> tuple[int, str]:
    system = {"systemIdentifier": SYSTEM, "baseUrl": base_url,
              "organisations": [{"organisationType": 8, "organisationCode": "10100"}]}  # fmt: skip
    response = adversary.call("PUT", "/control/subscriber-systems", body=json.dumps(system).encode(), control=True)
    return status(response), response.decode()


def subscribe(adversary: Adversary) -> None:
    rest = Rest(load())
    wish = SubscriptionWish(JOBCENTER, 100008, "/hook", TODAY.date())
    call = Subscriptions(load(), rest).call(SYSTEM, [wish], identity(), new_uuid())
    headers = [f"{name}: {value}" for name, value in call.headers.items()]
    assert status(adversary.call("POST", call.path, *headers, body=call.body)) == 200


def webhook_state(adversary: Adversary) -> dict[str, list[dict[str, object]]]:
    body = adversary.call("GET", "/control/wsb", control=True).partition(b"\r\n\r\n")[2]
    content: dict[str, list[dict[str, object]]] = json.loads(body)
    return content


@contextmanager
def receiver(response: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, threading.Semaphore]]:
    """Serve on loopback; the semaphore is released after every answered call."""
    called = threading.Semaphore(0)

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            response(self)
            called.release()

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", called
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    "base_url",
    [
        "http://169.254.169.254/latest", "http://10.0.0.1", "http://andre.example", "http://0.0.0.0", "http://[::]",
        "http://2130706433", "http://0x7f000001", "http://017700000001", "http://127.1", "http://0177.0.0.1",
        "http://[::ffff:10.0.0.1]", "http://[::ffff:7f00:1]", "http://[fe80::1%25lo]", "http://[fd00::1]", "http://[::127.0.0.1]",
        "http://127.0.0.1@andre.example", "http://127.0.0.1:80@andre.example", "http://andre.example@127.0.0.1",
        "http://@127.0.0.1", "http://:@127.0.0.1", "http://127.0.0.1\\@andre.example", "http://andre.example\\.127.0.0.1",
        "http://127.0.0.1.andre.example", "http://localhost.andre.example", "http://localhost.", "http://localhost\t.andre.example",
        "http://andre.example#127.0.0.1", "http://andre.example?127.0.0.1", "http://127.0.0.1#@andre.example",
        "http://127.0.0.1%2eandre.example", "http://127.0.0.1%00.andre.example", "http://127。0。0。1", "http://①②⑦.0.0.1",
        "http://ⓛocalhost", "http://127.0.0.1:80:80", "http://127.0.0.1:99999", "http://", "http:///x", "//127.0.0.1",
        "127.0.0.1", "file:///etc/hostname", "gopher://127.0.0.1", "ftp://127.0.0.1", "http+unix://127.0.0.1", "javascript:x",
        "http://127.0.0.1/\r\nhost: andre", "http://127.0.0.1/ x", "http://127.0.0.1/?a=b", "http://[127.0.0.1]", "http://[::1",
    ],
)  # fmt: skip
def test_an_address_of_another_machine_is_refused(adversary: Adversary, base_url: str) -> None:
    found, response = create(adversary, base_url)
    assert found == 400, response
    assert "baseUrl" in response


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:9", "https://127.0.0.2/x", "http://[::1]:9", "http://LOCALHOST:9/a"]
)
def test_addresses_of_this_machine_are_accepted(adversary: Adversary, base_url: str) -> None:
    assert create(adversary, base_url)[0] == 204


def test_a_redirect_to_another_receiver_is_not_followed(adversary: Adversary) -> None:
    """The redirect makes the message a dead letter; the next message is still delivered."""
    with receiver(lambda handler: send_answer(handler, 200)) as (other_address, reached):

        def redirect(handler: BaseHTTPRequestHandler) -> None:
            send_answer(handler, 307, ("location", f"{other_address}/andet"))

        with receiver(redirect) as (base_url, called):
            assert create(adversary, base_url)[0] == 204
            subscribe(adversary)
            adversary.neighbour_served()
            assert called.acquire(timeout=DEADLINE_S)
            adversary.neighbour_served()
            assert called.acquire(timeout=DEADLINE_S)
        assert not reached.acquire(blocking=False)


def send_answer(handler: BaseHTTPRequestHandler, code: int, *headers: tuple[str, str], body: bytes = b"") -> None:
    handler.send_response(code)
    for name, value in (*headers, ("content-length", str(len(body)))):
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def test_a_compressed_answer_is_not_decompressed(adversary: Adversary) -> None:
    bomb = gzip.compress(b"\0" * 60 * MIB)
    assert len(bomb) < 65_536
    with receiver(lambda handler: send_answer(handler, 200, ("content-encoding", "gzip"), body=bomb)) as (
        base_url,
        called,
    ):
        assert create(adversary, base_url)[0] == 204
        subscribe(adversary)
        adversary.neighbour_served()
        assert called.acquire(timeout=DEADLINE_S)
        before = adversary.memory("VmHWM")
        for _ in range(3):
            adversary.neighbour_served()
            assert called.acquire(timeout=DEADLINE_S)
        assert adversary.memory("VmHWM") - before < 40 * MIB


@pytest.mark.slow
def test_a_system_of_an_earlier_start_is_not_called_when_no_longer_allowed(tmp_path: Path) -> None:
    """The address is in the database; only the hosts of the current start are allowed."""
    db = ("--db", "stage.db", "--wsb-mode", "designed")
    with stage_process(*FROZEN, *db, "--webhook-host", "andre.invalid", folder=tmp_path) as process:
        adversary = Adversary(process)
        assert create(adversary, "http://andre.invalid")[0] == 204
        subscribe(adversary)
        assert process.interrupt() == 0
    with stage_process(*FROZEN, *db, folder=tmp_path) as process:
        adversary = Adversary(process)
        adversary.neighbour_served()
        never_set = threading.Event()
        for _ in range(DEADLINE_S * 10):
            dead = webhook_state(adversary)["dead"]
            if dead or never_set.wait(0.1):
                break
        assert [item["reason"] for item in dead] == ["der sendes ikke til andre.invalid"]
