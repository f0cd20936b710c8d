"""A call as a shell line: a shell reads back exactly what was sent, with the citizen's number from a variable."""

from __future__ import annotations

import os
import subprocess

import pytest

from generalproeve.rapport.genskab import curl, genskab
from vos_contracts.wire.base import Kald

CPR, ANDEN = "0203840021", "0203840048"
VIS = 'curl() { printf "%s\\0" "$@"; }\n'


def koer(skal: str, **variabler: str) -> list[str]:
    resultat = subprocess.run(
        ["bash", "-c", VIS + skal],
        env={**os.environ, "TJENESTER": "http://x", **variabler},  # noqa: TID251 - the shell's own variables
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return resultat.stdout.split("\0")[:-1]


@pytest.mark.parametrize("krop", ['{"a": "b\'c $HOME `id` \\\\ $(id) !"}', "<a>\nEOF\n</a>\n", "æøå – €", "@fil"])
def test_skallen_laeser_det_der_blev_sendt(krop: str) -> None:
    kald = Kald("PUT", "/sti?a=1&b='", {"x-navn": 'O\'Hara "$x"', "x-tom": ""}, krop.encode())
    assert koer(curl(kald)) == [
        "-sS", "-X", "PUT", "http://x/sti?a=1&b='", "-H", "x-navn: O'Hara \"$x\"", "-H", "x-tom;",
        "--data-raw", krop, "-w", r"\nHTTP %{http_code}\n",
    ]  # fmt: skip


def test_borgerne_er_variable_og_der_siges_til_naar_de_mangler() -> None:
    kald = Kald("POST", f"/borger/{CPR}", {"x-cpr": CPR}, f"{CPR} {ANDEN} 020384-0021".encode())
    skal = genskab(kald)
    assert CPR not in skal
    assert ANDEN not in skal
    laest = koer(skal, BORGER=CPR, BORGER2=ANDEN)
    assert laest[3] == f"http://x/borger/{CPR}"
    assert laest[7] == f"{CPR} {ANDEN} 020384-0021"
    with pytest.raises(subprocess.CalledProcessError) as fejl:
        koer(skal, BORGER=CPR)
    assert "BORGER2: nummeret på 020384xxxx" in fejl.value.stderr


def test_hvert_kald_faar_et_nyt_request_id() -> None:
    kald = Kald("POST", "/", {"x-requestid": "det gamle"})
    (id_,) = (en for en in koer(curl(kald)) if en.startswith("x-requestid"))
    assert id_.startswith("x-requestid: igen-")
    assert len(id_.partition(": ")[2]) <= 46
