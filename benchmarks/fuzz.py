"""Fuzz for long: a million generated calls, half by REST and half by SOAP, to stages whose memory is watched.

    python benchmarks/fuzz.py [--calls 500000] [--parity 10000] [--schemas 3000] [--write docs/benchmarks.md]

`--calls` are by each channel. Two lanes, each a stage and a caller in processes of their own: one with the converter behind
PersonRegistrationService, one with the classic services. Stopped on the way (Ctrl-C or SIGTERM), it writes what was made by
then, and says how many that was.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from afsnit import skriv

from generalproeve.fuzz import parity, rest, soap
from generalproeve.fuzz.connection import Connection
from generalproeve.fuzz.corpus import REST, SOAP, record
from generalproeve.fuzz.hunts import Budget
from generalproeve.fuzz.lines import UBESVARET, Linjer, Tjenester, findes
from generalproeve.fuzz.variants import Counts, VariantHunt
from vos_contracts.base import stopwatch
from vos_contracts.kontrakt import indlaes
from vos_features.stage import Scenen
from vos_simulators.control import Styring

BAGENDER = ("converter", "classic")
TIENDEDELE = 10
SKRIDT = 100
"""A lane says how far it has come this many times on its way."""
FRIST_S = 60.0
HAENGER_S = 10.0
"""An answer that takes this long is none."""
KLOKKEN = "2024-11-18T09:00:00+01:00"


@dataclass
class Bane:
    """One lane as it stands: what its caller last said, and the least that its stage held in each tenth, in MiB.

    The least, because a call of a megabyte is held while it is read; what leaks is never given back.
    """

    bagende: str
    mib: list[float] = field(default_factory=list)
    tal: dict[str, Any] = field(default_factory=dict)
    faerdig: bool = False


# the caller, in a process of its own


def kald(valg: argparse.Namespace) -> None:
    """Be one lane's caller: parity, then calls straight from the schemas, then variants; say as JSON lines how it goes."""
    begyndt, brugt = stopwatch.seconds(), Counter[str]()
    fund: list[str] = []
    i_alt = 2 * valg.calls + valg.parity
    with Connection(valg.services, HAENGER_S) as tjenester, Connection(valg.control, HAENGER_S) as styring:
        status = Styring(styring).status()
        scenen = Scenen(valg.services, valg.control, frist=HAENGER_S)
        linjer = Linjer(
            scenen=scenen,
            tjenester=Tjenester(tjenester, partial(findes, scenen)),
            styring=styring,
            kontrakt=indlaes(),
            udgave=status.udgave,
            bagende=str(status.bagende),
            seed=valg.seed,
            ur=status.ur,
        )
        varianter: VariantHunt | None = None
        sagt = 0

        def sig() -> None:
            counts = Counts() if varianter is None else varianter.counts
            tal = {
                "kald": brugt, "fund": fund, "sekunder": stopwatch.seconds() - begyndt, "langsomst": tjenester.slowest,
                "i_alt": i_alt,
                "status": {f"{hvad} {nr}": antal for (hvad, nr), antal in counts.statuses.items()},
                "udfoert": counts.carried_out, "kanal": counts.calls,
            }  # fmt: skip
            print(json.dumps(tal), flush=True)

        def vis(hvad: str) -> Any:
            foer = brugt[hvad]

            def fremad(antal: int) -> None:
                nonlocal sagt
                brugt[hvad] = foer + antal
                if sum(brugt.values()) * SKRIDT // i_alt > sagt:
                    sagt = sum(brugt.values()) * SKRIDT // i_alt
                    sig()

            return fremad

        for hvad, jagt, antal in (
            ("parity", parity, valg.parity), (f"{REST} schemas", rest, valg.schemas), (f"{SOAP} schemas", soap, valg.schemas),
        ):  # fmt: skip
            if antal:
                fund += [en.kort for en in jagt.jag(linjer, Budget(calls=antal, show=vis(hvad)))]
        varianter = VariantHunt(linjer, record(linjer, Budget()))
        while (
            mangler := max(valg.calls - brugt[f"{en} schemas"] - varianter.counts.calls[en] for en in (REST, SOAP))
        ) > 0:
            for en in varianter.play(Budget(calls=2 * mangler, show=vis("variants"))):
                fund.append(en.kort)
                sig()
        sig()


# the run


def _start(*argumenter: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *argumenter], stdout=subprocess.PIPE, text=True, start_new_session=True)


def _mib(pid: int) -> float:
    sider = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return sider * resource.getpagesize() / 1024**2


def koer(bane: Bane, seed: int, valg: argparse.Namespace, processer: list[subprocess.Popen[str]]) -> None:
    """Run one lane to its end, or until its processes are stopped."""
    with tempfile.TemporaryDirectory(prefix="generalproeve-fuzz-") as mappe:
        scene = _start(
            "-m", "generalproeve", "up", "--json", "--port", "0", "--control-port", "0", "--people", "0", "--clock", KLOKKEN,
            "--backend", bane.bagende, "--db", str(Path(mappe, "fuzz.db")),
        )  # fmt: skip
        processer.append(scene)
        assert scene.stdout is not None
        klar = json.loads(scene.stdout.readline())
        kalder = _start(
            __file__, "--services", klar["services"], "--control", klar["control"], "--seed", str(seed),
            "--calls", str(valg.calls // len(BAGENDER)), "--parity", str(valg.parity // len(BAGENDER)),
            "--schemas", str(valg.schemas // len(BAGENDER)),
        )  # fmt: skip
        processer.append(kalder)
        assert kalder.stdout is not None
        for linje in kalder.stdout:
            bane.tal = json.loads(linje)
            brugt = sum(bane.tal["kald"].values())
            tiendedel = min(brugt * TIENDEDELE // bane.tal["i_alt"], TIENDEDELE - 1)
            if scene.poll() is not None:
                continue
            if tiendedel < len(bane.mib):
                bane.mib[tiendedel] = min(bane.mib[tiendedel], _mib(scene.pid))
            else:
                bane.mib.append(_mib(scene.pid))
                hvor = f"{bane.bagende}: {brugt:,} calls, {brugt / bane.tal['sekunder']:.0f}/s, {bane.mib[-1]:.0f} MiB"
                print(hvor, bane.tal["fund"], file=sys.stderr, flush=True)
        bane.faerdig = kalder.wait(timeout=FRIST_S) == 0 and scene.poll() is None
        scene.terminate()
        scene.wait(timeout=FRIST_S)


def rapport(baner: list[Bane], valg: argparse.Namespace) -> str:
    """Write the section, of what was really made."""
    kald: Counter[str] = Counter()
    status: Counter[str] = Counter()
    udfoert: Counter[str] = Counter()
    for bane in baner:
        kald.update(bane.tal.get("kald", {}))
        status.update(bane.tal.get("status", {}))
        udfoert.update(bane.tal.get("udfoert", {}))
    kanaler = Counter[str]()
    for bane in baner:
        kanaler.update(bane.tal.get("kanal", {}))
    pr_kanal = {kanal: kald[f"{kanal} schemas"] + kanaler[kanal] for kanal in (REST, SOAP)}
    fund = [en for bane in baner for en in bane.tal.get("fund", [])]
    sekunder = max((bane.tal.get("sekunder", 0.0) for bane in baner), default=0.0)
    langsomst = max((bane.tal.get("langsomst", 0.0) for bane in baner), default=0.0)
    hele = all(bane.faerdig for bane in baner)
    linjer = [
        "## Fuzzing", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores shared with "
        f"other work; seed {valg.seed}. {len(baner)} lanes, each a stage on SQLite and a caller; `python benchmarks/fuzz.py "
        f"--calls {valg.calls} --parity {valg.parity} --schemas {valg.schemas}`. " + ("The whole run." if hele else
        f"**Stopped on the way**: {sum(pr_kanal.values()):,} of {2 * valg.calls:,} calls were made."), "",
        "| what | REST | SOAP |", "| --- | ---: | ---: |",
        f"| calls | {pr_kanal[REST]:,} | {pr_kanal[SOAP]:,} |",
        *(f"| of them {ord_} | {et} | {to} |" for ord_, et, to in _raekker(kald, kanaler, status, udfoert)), "",
        f"Beside them {kald['parity']:,} calls of histories on twin citizens by both channels. {sum(kald.values()):,} calls in "
        f"{sekunder / 60:.0f} minutes, {sum(kald.values()) / max(sekunder, 1):.0f} a second. "
        "A SOAP fault is status 500, as SOAP 1.1 says.", "",
        "| aim | outcome | |", "| --- | --- | --- |",
        _maal("no 5xx by REST, no internal error, no undocumented code, no parity difference",
              f"{len(fund)} findings", not fund),
        _maal(f"no hang: an answer within {HAENGER_S:.0f} s",
              f"slowest {langsomst:.2f} s", langsomst < HAENGER_S and not any(UBESVARET in en for en in fund)),
        _maal("no growth of memory: the last tenth within 2% of the fifth",
              ", ".join(f"{_vaekst(bane):+.1%} ({bane.bagende})" for bane in baner if bane.mib),
              all(_vaekst(bane) < 0.02 for bane in baner if bane.mib)), "",
        *(f"Least memory of the stage ({bane.bagende}) in each tenth, MiB: {', '.join(f'{en:.0f}' for en in bane.mib)}.\n"
          for bane in baner),
        *(f"- {en}" for en in fund),
    ]  # fmt: skip
    return "\n".join(linjer)


def _raekker(
    kald: Counter[str], kanaler: Counter[str], status: Counter[str], udfoert: Counter[str]
) -> Iterator[tuple[str, ...]]:
    yield "straight from the schemas", f"{kald[f'{REST} schemas']:,}", f"{kald[f'{SOAP} schemas']:,}"
    yield (
        "in sequences of the queue",
        *(
            f"{kanaler[kanal] - sum(antal for navn, antal in status.items() if navn.startswith(kanal)):,}"
            for kanal in (REST, SOAP)
        ),
    )
    yield "variants that were carried out and may write", f"{udfoert[REST]:,}", f"{udfoert[SOAP]:,}"
    for nr in sorted({navn.split()[1] for navn in status}):
        yield f"variants answered {nr}", *(f"{status[f'{kanal} {nr}']:,}" for kanal in (REST, SOAP))


def _vaekst(bane: Bane) -> float:
    """Compare the end with the fifth tenth: by then caches and the journal are full, and what leaks goes on."""
    return bane.mib[-1] / bane.mib[(len(bane.mib) - 1) // 2] - 1


def _maal(hvad: str, tal: str, holdt: bool) -> str:
    return f"| {hvad} | {tal} | {'held' if holdt else '**missed**'} |"


def main() -> None:
    """Run and print, or write the section; or be one lane's caller."""
    argumenter = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argumenter.add_argument("--calls", type=int, default=500_000)
    argumenter.add_argument("--parity", type=int, default=10_000)
    argumenter.add_argument("--schemas", type=int, default=3_000)
    argumenter.add_argument("--seed", type=int, default=1)
    argumenter.add_argument("--write", type=Path)
    argumenter.add_argument("--services", help=argparse.SUPPRESS)
    argumenter.add_argument("--control", help=argparse.SUPPRESS)
    valg = argumenter.parse_args()
    if valg.services is not None:
        kald(valg)
        return
    baner = [Bane(bagende) for bagende in BAGENDER]
    processer: list[subprocess.Popen[str]] = []

    def stop(*_: object) -> None:
        for proces in reversed(processer):
            proces.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    traade = [
        threading.Thread(target=koer, args=(bane, valg.seed + nr, valg, processer)) for nr, bane in enumerate(baner)
    ]
    for traad in traade:
        traad.start()
    for traad in traade:
        traad.join()
    tekst = rapport(baner, valg)
    print(tekst)
    if valg.write:
        skriv(valg.write, "fuzzing", tekst)


if __name__ == "__main__":
    main()
