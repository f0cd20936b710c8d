"""Build the wheel and the source archive, and write the wheel's bill of materials beside them.

`python tools/dist.py [--outdir dist]`. The bill of materials is CycloneDX JSON (generalproeve-VERSION.cdx.json): the packages
that the wheel needs, with and without its extras, their licences, and what depends on what; and the wheel's own hash. It is
read from the environment of `make test`, whose packages have the versions and hashes of requirements.lock. It has no time and
no serial number, so the same lock gives the same file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
ONLY_FOR_DEVELOPMENT = frozenset({"dev", "mutation"})
"""The extras of pyproject.toml whose packages no user needs."""


def materials(environment: dict[str, Any], wheel: Path, needed: frozenset[str]) -> dict[str, Any]:
    """Return the part of an environment's bill of materials that is about the needed packages, with the wheel's hash."""
    components = [part for part in environment["components"] if canonicalize_name(part["name"]) in needed]
    own = environment["metadata"]["component"]
    own["hashes"] = [{"alg": "SHA-256", "content": hashlib.sha256(wheel.read_bytes()).hexdigest()}]
    known = {own["bom-ref"], *(component["bom-ref"] for component in components)}
    edges = [
        {"ref": entry["ref"], "dependsOn": [ref for ref in entry.get("dependsOn", ()) if ref in known]}
        for entry in environment["dependencies"]
        if entry["ref"] in known
    ]
    return {**environment, "components": components, "dependencies": edges}


def needed_packages(pyproject: dict[str, Any]) -> frozenset[str]:
    """Return what the project and its extras for users need, directly or not, by normalised name."""
    project = pyproject["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"]]
    for name in extras.keys() - ONLY_FOR_DEVELOPMENT:
        wanted += extras[name]
    waiting = [Requirement(text) for text in wanted]
    seen: set[tuple[str, str]] = set()
    while waiting:
        requirement = waiting.pop()
        for extra in ("", *requirement.extras):
            key = (canonicalize_name(requirement.name), extra)
            if key in seen or (requirement.marker is not None and not requirement.marker.evaluate({"extra": ""})):
                continue
            seen.add(key)
            for text in distribution(requirement.name).requires or ():
                other = Requirement(text)
                if other.marker is None or other.marker.evaluate({"extra": extra}):
                    other.marker = None
                    waiting.append(other)
    return frozenset(name for name, _ in seen)


def main() -> int:
    """Build into the folder; return the exit code of the first step that fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outdir", type=Path, default=ROOT / "dist", help="default: dist")
    outdir: Path = parser.parse_args().outdir
    outdir.mkdir(parents=True, exist_ok=True)
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(outdir), str(ROOT)]
    if code := subprocess.run(build, check=False).returncode:
        return code
    wheel = max(outdir.glob("generalproeve-*.whl"), key=lambda file: file.stat().st_mtime)
    listing = subprocess.run(
        [
            sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", str(ROOT / "pyproject.toml"),
            "--mc-type", "application", "--output-reproducible", "--validate", "--output-format", "JSON", sys.executable,
        ], check=False, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    if listing.returncode:
        print(listing.stderr, file=sys.stderr)
        return listing.returncode
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    text = json.dumps(materials(json.loads(listing.stdout), wheel, needed_packages(pyproject)), indent=2)
    file = outdir / f"{'-'.join(wheel.name.split('-')[:2])}.cdx.json"
    file.write_text(text + "\n", "utf-8")
    print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
