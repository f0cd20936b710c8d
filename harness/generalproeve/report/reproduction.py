"""Write a call as a shell line that can be made again, SOAP as REST.

The citizen's number is the variable BORGER, since no report shows one, and the services' address is TJENESTER. A request id is
minted anew, because the services refuse one that they have seen.
"""

from __future__ import annotations

from generalproeve.base.masking import substitute
from vos_contracts.model.cpr import masked
from vos_contracts.wire.base import Call

CALL_ID = "x-requestid"
"""The header of the request id: documented, so that no overlay gives it another name."""
NEW_CALL_ID = '"igen-$(date +%s)-$RANDOM"'


def curl(call: Call) -> str:
    """Write the call."""
    return _Line(call).curl


def reproduce(call: Call) -> str:
    """Write the call after a line that stops with a reason where a variable is not set."""
    line = _Line(call)
    required = {"TJENESTER": "adressen, fx http://127.0.0.1:8480"}
    required |= {name: f"nummeret på {masked(cpr)}" for cpr, name in line.citizens.items()}
    return ": " + " ".join(f'"${{{name}:?{what}}}"' for name, what in required.items()) + "\n" + line.curl


class _Line:
    def __init__(self, call: Call) -> None:
        self.citizens: dict[str, str] = {}
        parts = [f'curl -sS -X {call.method} "$TJENESTER"{self._text(call.path)}']
        for name, value in call.headers.items():
            if name.lower() == CALL_ID:
                parts.append(f"-H '{name}: '{NEW_CALL_ID}")
            else:
                parts.append(f"-H {self._text(f'{name}: {value}' if value else f'{name};')}")
        if call.body:
            parts.append(f"--data-raw {self._text(call.body.decode('utf-8', 'replace'))}")
        self.curl = " ".join((*parts, r"-w '\nHTTP %{http_code}\n'"))

    def _text(self, text: str) -> str:
        """Quote for a shell, with a variable for each citizen."""
        return "'" + substitute(text.replace("'", "'\"'\"'"), self._citizen) + "'"

    def _citizen(self, cpr: str, hyphen: str) -> str:
        name = self.citizens.setdefault(cpr, f"BORGER{len(self.citizens) + 1}" if self.citizens else "BORGER")
        return f"'\"${{{name}:0:6}}-${{{name}:6}}\"'" if hyphen else f"'\"${name}\"'"
