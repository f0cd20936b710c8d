"""A run's report in a folder: one Danish page without references outside itself, the result as JSON, the figures as CSV."""

from __future__ import annotations

import csv
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from vos_contracts.base.csv_cells import defused
from vos_load import danish, plots
from vos_load.load_profile import PERCENTILES
from vos_load.result import ALL, BASE, FILE, LoadResult

_PERCENTILES = [f"{percentile:g}" for percentile in PERCENTILES]


def render_page(result: LoadResult) -> str:
    """Render the page."""
    environment = Environment(
        loader=PackageLoader("vos_load", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("load.html").render(
        r=result,
        all=ALL,
        danish=danish,
        percentiles=_PERCENTILES,
        plots={name: Markup(svg) for name, svg in _plots(result).items()},
    )


def describe_machine() -> dict[str, str]:
    """Describe the machine and the programs that the calls came from."""
    return {
        **{name: version(name) for name in ("generalproeve", "locust")}, "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}", "cores": str(os.cpu_count()),
    }  # fmt: skip


def write_report(result: LoadResult, folder: Path) -> Mapping[str, str]:
    """Write all files, and return their paths by name."""
    folder.mkdir(parents=True, exist_ok=True)
    names = (FILE, "report.html", "operations.csv", "series.csv", "samples.csv")
    files = {name: folder / name for name in names}
    files[FILE].write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1))
    files["report.html"].write_text(render_page(result), "utf-8")
    _csv(files["operations.csv"], ["operation", "channel", "calls", "errors", *(f"p{p}_ms" for p in _PERCENTILES)], (
        [row.operation, row.channel, row.calls, row.errors, *(row.latency_ms[p] for p in _PERCENTILES)]
        for row in result.operations
    ))  # fmt: skip
    rates = [f"{name}_per_s" for name in ("due", "in_time", "answered")]
    _csv(files["series.csv"], ["t_s", *rates, "errors", "channel", "median_ms", "p95_ms"], (
        [p.t, p.due, p.in_time, p.answered, p.errors, channel, p.median_ms[channel], p.p95_ms[channel]]
        for p in result.series for channel in p.median_ms
    ))  # fmt: skip
    _csv(files["samples.csv"], ["round", "operation", "channel", "ms"], (
        [block.round, block.operation, block.channel, f"{ms:.4f}"] for block in result.blocks for ms in block.ms
    ))  # fmt: skip
    return {name: str(file) for name, file in files.items()}


def _plots(r: LoadResult) -> dict[str, str]:
    """Draw what the run has figures for."""
    against_rest = [ratio for ratio in r.ratios if ratio.against == BASE]
    has_times = any(point.median_ms for point in r.series)
    return {
        "ratios": plots.plot_ratios(against_rest) if against_rest else "",
        "parts": plots.plot_parts(r.converter_parts_ms) if r.converter_parts_ms else "",
        "latency": plots.plot_latency(r.series, r.nightly) if has_times else "",
        "distributions": plots.plot_distributions(r.distributions) if r.distributions else "",
        "offer": plots.plot_offer(r.series) if r.offer is not None else "",
        "memory": plots.plot_memory(r.memory_mib) if len(r.memory_mib) > 2 else "",
    }


def _csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(header)
        writer.writerows([defused(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
