"""A call as a shell line: the shell reads back exactly what was sent, with CPR numbers from variables."""

from __future__ import annotations

import os
import subprocess

import pytest

from generalproeve.report.reproduction import curl, reproduce
from vos_contracts.wire.base import Call

CPR, OTHER = "0203840021", "0203840048"
SHOW = 'curl() { printf "%s\\0" "$@"; }\n'


def execute(command_line: str, **variables: str) -> list[str]:
    result = subprocess.run(
        ["bash", "-c", SHOW + command_line],
        env={**os.environ, "TJENESTER": "http://x", **variables},  # noqa: TID251 - the shell's own variables
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return result.stdout.split("\0")[:-1]


@pytest.mark.parametrize("body", ['{"a": "b\'c $HOME `id` \\\\ $(id) !"}', "<a>\nEOF\n</a>\n", "æøå – €", "@fil"])
def test_the_shell_reads_back_what_was_sent(body: str) -> None:
    call = Call("PUT", "/sti?a=1&b='", {"x-navn": 'O\'Hara "$x"', "x-tom": ""}, body.encode())
    assert execute(curl(call)) == [
        "-sS", "-X", "PUT", "http://x/sti?a=1&b='", "-H", "x-navn: O'Hara \"$x\"", "-H", "x-tom;",
        "--data-raw", body, "-w", r"\nHTTP %{http_code}\n",
    ]  # fmt: skip


def test_citizens_are_variables_and_an_unset_one_is_reported() -> None:
    call = Call("POST", f"/borger/{CPR}", {"x-cpr": CPR}, f"{CPR} {OTHER} 020384-0021".encode())
    command_line = reproduce(call)
    assert CPR not in command_line
    assert OTHER not in command_line
    arguments = execute(command_line, BORGER=CPR, BORGER2=OTHER)
    assert arguments[3] == f"http://x/borger/{CPR}"
    assert arguments[7] == f"{CPR} {OTHER} 020384-0021"
    with pytest.raises(subprocess.CalledProcessError) as errors:
        execute(command_line, BORGER=CPR)
    assert "BORGER2: nummeret på 020384xxxx" in errors.value.stderr


def test_every_call_gets_a_new_request_id() -> None:
    call = Call("POST", "/", {"x-requestid": "det gamle"})
    (header,) = (argument for argument in execute(curl(call)) if argument.startswith("x-requestid"))
    assert header.startswith("x-requestid: igen-")
    assert len(header.partition(": ")[2]) <= 46
