"""The report's plots as SVG: latency over time, distributions, ratios with their intervals, offered against achieved.

Each channel has one colour everywhere. Not here: what is drawn when (`report`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from vos_load.danish import channel_name, operation_name, part_name
from vos_load.recording import NightlyRunRecord
from vos_load.result import Point, Ratio

EPIC_FACTOR = 100.0
"""What the epic expects of SOAP against REST ("ca x 100")."""
COLOURS = {"rest": "#1a7f37", "soap": "#8250df", "converter": "#cf6f00", "classic": "#0969da"}
_STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "generalproeve", "font.family": "sans-serif", "font.size": 10}
_GREY = "#6e7781"


def plot_latency(series: Sequence[Point], nightly: NightlyRunRecord | None) -> str:
    """Draw each channel's median and 95th percentile over time."""

    def draw(axes: Axes) -> None:
        for channel in sorted({name for point in series for name in point.median_ms}):
            points = [(p.t, p.median_ms[channel], p.p95_ms[channel]) for p in series if channel in p.median_ms]
            t, middle, high = zip(*points, strict=True)
            name = channel_name(channel)
            axes.plot(t, middle, color=_colour(channel), label=f"{name}, median", linewidth=1.8)
            axes.plot(t, high, color=_colour(channel), label=f"{name}, 95 %", linewidth=0.9, linestyle="--")
        if nightly is not None:
            axes.axvspan(nightly.begun, nightly.ended, color=_GREY, alpha=0.15, label="natkørslerne")
        _finish(axes, "sekunder", "svartid, ms", log=True)

    return _svg(draw)


def plot_distributions(channels: Mapping[str, Sequence[tuple[float, int]]]) -> str:
    """Draw which share of the calls was answered within how long."""

    def draw(axes: Axes) -> None:
        for channel, steps in channels.items():
            ms, counts = zip(*steps, strict=True)
            shares = 100 * np.cumsum(counts) / sum(counts)
            axes.step(ms, shares, where="post", color=_colour(channel), label=channel_name(channel))
        axes.set_xscale("log")
        _plain_numbers(axes.xaxis)
        axes.set_ylim(0, 101)
        _finish(axes, "svartid, ms", "% af kaldene besvaret")

    return _svg(draw)


def plot_ratios(ratios: Sequence[Ratio]) -> str:
    """Draw how many times slower than REST each operation is on each channel, with the interval."""
    operations = list(dict.fromkeys(ratio.operation for ratio in ratios))
    channels = list(dict.fromkeys(ratio.channel for ratio in ratios))

    def draw(axes: Axes) -> None:
        for number, channel in enumerate(channels):
            own = [ratio for ratio in ratios if ratio.channel == channel]
            y = [operations.index(ratio.operation) + 0.22 * (number - (len(channels) - 1) / 2) for ratio in own]
            x = [ratio.ratio for ratio in own]
            errors = [[ratio.ratio - ratio.low for ratio in own], [ratio.high - ratio.ratio for ratio in own]]
            label = channel_name(channel)
            axes.errorbar(x, y, xerr=errors, fmt="o", color=_colour(channel), label=label, capsize=3, markersize=5)
        axes.axvline(1, color=_GREY, linewidth=1)
        axes.axvline(EPIC_FACTOR, color="#cf222e", linewidth=1, linestyle=":", label="epikkens forventning, ca. 100")
        axes.set_xscale("log")
        axes.set_yticks(range(len(operations)), [operation_name(operation) for operation in operations])
        axes.invert_yaxis()
        axes.set_xlim(min(0.8, *(ratio.low for ratio in ratios)), max(150, *(1.3 * ratio.high for ratio in ratios)))
        _plain_numbers(axes.xaxis)
        _finish(axes, "gange REST's svartid", "")

    return _svg(draw, 0.45 * len(operations) + 1.6)


def plot_offer(series: Sequence[Point]) -> str:
    """Draw the calls a second that were due, begun in time, and answered."""

    def draw(axes: Axes) -> None:
        t = [point.t for point in series]
        due, in_time, answered = ([getattr(p, key) for p in series] for key in ("due", "in_time", "answered"))
        axes.step(t, due, where="post", color=_GREY, label="forfaldne kald", linewidth=2.5, alpha=0.5)
        axes.step(t, in_time, where="post", color="#0969da", label="begyndt i tide", linewidth=1)
        axes.step(t, answered, where="post", color="#1a7f37", label="svar", linewidth=1)
        axes.set_ylim(bottom=0)
        _finish(axes, "sekunder", "pr. sekund")

    return _svg(draw)


def plot_memory(readings: Sequence[tuple[float, float]]) -> str:
    """Draw the stage's memory."""

    def draw(axes: Axes) -> None:
        axes.plot([t for t, _ in readings], [mib for _, mib in readings], color="#0969da")
        axes.set_ylim(0, 1.1 * max(mib for _, mib in readings))
        _finish(axes, "sekunder", "MiB", legend=False)

    return _svg(draw, 2.2)


def plot_parts(ms: Mapping[str, float]) -> str:
    """Draw where the converter spends its time."""

    def draw(axes: Axes) -> None:
        left = 0.0
        for number, (part, time) in enumerate(ms.items()):
            axes.barh(0, time, left=left, color=f"C{number}", label=f"{part_name(part)} {time:.3f} ms")
            left += time
        axes.set_yticks([])
        _finish(axes, "ms, median", "")

    return _svg(draw, 1.6)


def _colour(channel: str) -> str:
    return COLOURS.get(channel, _GREY)


def _plain_numbers(axis: Axis) -> None:
    """Write 2 and 50 on a logarithmic axis, not powers of ten."""
    axis.set_major_formatter(lambda v, _: f"{v:g}")
    axis.set_minor_locator(LogLocator(subs=(2, 5)))
    axis.set_minor_formatter(lambda v, _: f"{v:g}")


def _finish(axes: Axes, x: str, y: str, *, log: bool = False, legend: bool = True) -> None:
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    if log:
        axes.set_yscale("log")
        _plain_numbers(axes.yaxis)
    axes.grid(visible=True, alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    if legend:
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, fontsize=9)


def _svg(draw: Callable[[Axes], None], height: float = 3.0) -> str:
    import matplotlib

    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(10, height), layout="constrained")
        draw(figure.add_subplot())
        out = io.StringIO()
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None})
    return out.getvalue().partition("<svg")[1] + out.getvalue().partition("<svg")[2]
