"""Write a call, SOAP or REST, as a shell line that makes it again.

The report masks CPR numbers, so the shell variable BORGER stands for the citizen's number (BORGER2 and so on for others), and
TJENESTER for the address of the services. Each repetition has a new request id: the services refuse one they have seen.
"""

from __future__ import annotations

from generalproeve.base.masking import substitute
from vos_contracts.model.cpr import masked
from vos_contracts.wire.base import Call

CALL_ID = "x-requestid"
"""The header of the request id; the name is documented, so no overlay can change it."""
NEW_CALL_ID = '"igen-$(date +%s)-$RANDOM"'


def curl(call: Call) -> str:
    """Return the call as one curl command."""
    return _Line(call).curl


def reproduce(call: Call) -> str:
    """Return the curl command after a line that stops the shell, with a reason, if a variable is not set."""
    line = _Line(call)
    required = {"TJENESTER": "adressen, fx http://127.0.0.1:8480"}
    required |= {name: f"nummeret på {masked(cpr)}" for cpr, name in line.citizens.items()}
    return ": " + " ".join(f'"${{{name}:?{meaning}}}"' for name, meaning in required.items()) + "\n" + line.curl


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
        """Quote for a POSIX shell, with each CPR number replaced by its variable."""
        return "'" + substitute(text.replace("'", "'\"'\"'"), self._citizen) + "'"

    def _citizen(self, cpr: str, hyphen: str) -> str:
        name = self.citizens.setdefault(cpr, f"BORGER{len(self.citizens) + 1}" if self.citizens else "BORGER")
        return f"'\"${{{name}:0:6}}-${{{name}:6}}\"'" if hyphen else f"'\"${name}\"'"
