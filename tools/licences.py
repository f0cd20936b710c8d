"""List the licences of the Python packages that are locked for Linux, and say which are not among the accepted ones.

`python tools/licences.py` checks; `--write` also writes docs/licences.md. It reads the metadata of the installed packages, so
it needs the environment that `make test` creates.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
PAGE = ROOT / "docs" / "licences.md"

ACCEPTED = re.compile(
    r"MIT(-0|-CMU| License)?|BSD([- ].*)?|0BSD|Apache([- ].*)?|ISC.*|PSF-2\.0|Python Software Foundation.*"
    r"|MPL-2\.0|Mozilla Public .*|ZPL-2\.1|Zlib|CC0-1\.0|Unlicense"
)
"""Permissive licences, and the MPL that this project has itself."""

PLATFORM = {
    "implementation_name": "cpython", "os_name": "posix", "platform_python_implementation": "CPython",
    "platform_system": "Linux", "python_full_version": "3.11.0", "python_version": "3.11", "sys_platform": "linux",
}  # fmt: skip
"""The platform whose packages are listed, so that the page is the same everywhere."""

EXCEPTIONS = {
    "wiremock": "Apache-2.0 by its LICENSE file; its metadata adds another class. A client that only tests use"
}


def packages() -> Iterator[tuple[str, str, str]]:
    """Yield name, version and licence of each locked package."""
    for line in LOCK.read_text("utf-8").splitlines():
        name, _, version = line.rstrip(" \\").partition("==")
        version, _, marker = (part.strip() for part in version.partition(";"))
        if version and (not marker or Marker(marker).evaluate(PLATFORM)):
            yield name, version, licence(name)


def licence(name: str) -> str:
    """Return a package's licence: its SPDX expression, else its classifiers, else the text of its field."""
    metadata = distribution(name).metadata
    classifiers = [
        text.split(" :: ")[-1] for text in metadata.get_all("Classifier") or () if text.startswith("License ::")
    ]
    found = metadata.get("License-Expression") or "; ".join(classifiers) or metadata.get("License") or "unknown"
    return " ".join(str(found).split())[:80]


def is_accepted(text: str) -> bool:
    """Return whether all parts of a conjunction are accepted, or one of an alternative."""
    if " OR " in text:
        return any(is_accepted(part) for part in text.split(" OR "))
    return all(ACCEPTED.fullmatch(part.strip(" ()")) for part in re.split(r" AND |; ", text))


def not_accepted(found: list[tuple[str, str, str]]) -> list[str]:
    """Return the packages whose licence is not accepted and that are no exception."""
    return [f"{name}: {text}" for name, _, text in found if not is_accepted(text) and name not in EXCEPTIONS]


def page(found: list[tuple[str, str, str]]) -> str:
    """Render the page."""
    rows = "".join(f"| {name} | {version} | {text} |\n" for name, version, text in found)
    return (
        "# Licences of the locked packages\n\nWritten by `python tools/licences.py --write` from the packages' own metadata;\n"
        f"`make test` checks it.\n\n| package | version | licence |\n| --- | --- | --- |\n{rows}"
    )


def main() -> int:
    """Check, and write the page if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/licences.md")
    found = list(packages())
    if parser.parse_args().write:
        PAGE.write_text(page(found), "utf-8")
    refused = not_accepted(found)
    for line in refused:
        print(line, file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
