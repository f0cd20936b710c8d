"""Write a call as a shell line that can be made again, SOAP as REST.

The citizen's number is the variable BORGER, since no report shows one, and the services' address is TJENESTER. A request id is
minted anew, because the services refuse one that they have seen.
"""

from __future__ import annotations

from generalproeve.base.masking import erstat
from vos_contracts.model.cpr import maskeret
from vos_contracts.wire.base import Kald

KALD_ID = "x-requestid"
"""The header of the request id: documented, so that no overlay gives it another name."""
NYT_KALD_ID = '"igen-$(date +%s)-$RANDOM"'


def curl(kald: Kald) -> str:
    """Write the call."""
    return _Linje(kald).curl


def genskab(kald: Kald) -> str:
    """Write the call after a line that stops with a reason where a variable is not set."""
    linje = _Linje(kald)
    kraevet = {"TJENESTER": "adressen, fx http://127.0.0.1:8480"}
    kraevet |= {navn: f"nummeret på {maskeret(cpr)}" for cpr, navn in linje.borgere.items()}
    return ": " + " ".join(f'"${{{navn}:?{hvad}}}"' for navn, hvad in kraevet.items()) + "\n" + linje.curl


class _Linje:
    def __init__(self, kald: Kald) -> None:
        self.borgere: dict[str, str] = {}
        dele = [f'curl -sS -X {kald.metode} "$TJENESTER"{self._tekst(kald.sti)}']
        for navn, vaerdi in kald.headers.items():
            if navn.lower() == KALD_ID:
                dele.append(f"-H '{navn}: '{NYT_KALD_ID}")
            else:
                dele.append(f"-H {self._tekst(f'{navn}: {vaerdi}' if vaerdi else f'{navn};')}")
        if kald.krop:
            dele.append(f"--data-raw {self._tekst(kald.krop.decode('utf-8', 'replace'))}")
        self.curl = " ".join((*dele, r"-w '\nHTTP %{http_code}\n'"))

    def _tekst(self, tekst: str) -> str:
        """Quote for a shell, with a variable for each citizen."""
        return "'" + erstat(tekst.replace("'", "'\"'\"'"), self._borger) + "'"

    def _borger(self, cpr: str, bindestreg: str) -> str:
        navn = self.borgere.setdefault(cpr, f"BORGER{len(self.borgere) + 1}" if self.borgere else "BORGER")
        return f"'\"${{{navn}:0:6}}-${{{navn}:6}}\"'" if bindestreg else f"'\"${navn}\"'"
