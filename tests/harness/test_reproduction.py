"""A call as a shell line: a shell reads back exactly what was sent, with the citizen's number from a variable."""

from __future__ import annotations

import os
import subprocess

import pytest

from generalproeve.report.reproduction import curl, reproduce
from vos_contracts.wire.base import Call

CPR, OTHER = "0203840021", "0203840048"
SHOW = 'curl() { printf "%s\\0" "$@"; }\n'


def execute(must: str, **variables: str) -> list[str]:
    result = subprocess.run(
        ["bash", "-c", SHOW + must],
        env={**os.environ, "TJENESTER": "http://x", **variables},  # noqa: TID251 - the shell's own variables
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return result.stdout.split("\0")[:-1]


@pytest.mark.parametrize("body", ['{"a": "b\'c $HOME `id` \\\\ $(id) !"}', "<a>\nEOF\n</a>\n", "æøå – €", "@fil"])
def test_skallen_laeser_det_der_blev_sendt(body: str) -> None:
    call = Call("PUT", "/sti?a=1&b='", {"x-navn": 'O\'Hara "$x"', "x-tom": ""}, body.encode())
    assert execute(curl(call)) == [
        "-sS", "-X", "PUT", "http://x/sti?a=1&b='", "-H", "x-navn: O'Hara \"$x\"", "-H", "x-tom;",
        "--data-raw", body, "-w", r"\nHTTP %{http_code}\n",
    ]  # fmt: skip


def test_borgerne_er_variable_og_der_siges_til_naar_de_mangler() -> None:
    call = Call("POST", f"/borger/{CPR}", {"x-cpr": CPR}, f"{CPR} {OTHER} 020384-0021".encode())
    must = reproduce(call)
    assert CPR not in must
    assert OTHER not in must
    was_read = execute(must, CITIZEN=CPR, CITIZEN2=OTHER)
    assert was_read[3] == f"http://x/borger/{CPR}"
    assert was_read[7] == f"{CPR} {OTHER} 020384-0021"
    with pytest.raises(subprocess.CalledProcessError) as errors:
        execute(must, CITIZEN=CPR)
    assert "BORGER2: nummeret på 020384xxxx" in errors.value.stderr


def test_hvert_kald_faar_et_nyt_request_id() -> None:
    call = Call("POST", "/", {"x-requestid": "det gamle"})
    (id_,) = (item for item in execute(curl(call)) if item.startswith("x-requestid"))
    assert id_.startswith("x-requestid: igen-")
    assert len(id_.partition(": ")[2]) <= 46
