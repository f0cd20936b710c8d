"""The Danish renderings of what a load result says in stable English values."""

from __future__ import annotations

from vos_load.compare import ChangeVerdict, LoadChange
from vos_load.load_profile import LoadChannel, LoadOperation, Measure
from vos_load.result import ALL, BASE, LoadResult, LoadVerdict, NotJudged, ThresholdResult, ThresholdVerdict

VERDICTS: dict[str, str] = {
    LoadVerdict.PASSED: "bestået", LoadVerdict.EXCEEDED: "overskredet", LoadVerdict.NOT_JUDGED: "ikke bedømt",
    ThresholdVerdict.KEPT: "overholdt", ThresholdVerdict.EXCEEDED: "overskredet",
    ThresholdVerdict.UNDECIDED: "uafgjort", ThresholdVerdict.NOT_MEASURED: "ikke målt",
    ChangeVerdict.SLOWER: "langsommere", ChangeVerdict.FASTER: "hurtigere", ChangeVerdict.SAME: "ens",
}  # fmt: skip
REASONS = {
    NotJudged.INTERRUPTED: "kørslen blev afbrudt",
    NotJudged.NO_CALLS: "der blev ikke kaldt",
    NotJudged.NOT_OFFERED: "kørslen kunne ikke tilbyde sin belastning; brug --processes eller en maskine mere",
    NotJudged.NIGHTLY_UNFINISHED: "natkørslerne blev ikke færdige",
    NotJudged.NOT_MEASURED: "ikke målt: {missing}",
}
MEASURES = {
    Measure.RATIO: "forhold",
    Measure.LATENCY: "svartid",
    Measure.ERRORS: "andel af kald der fejlede",
    Measure.MEMORY: "målets hukommelse, vækst i MiB",
}
CHANNELS: dict[str, str] = {
    LoadChannel.REST: "REST", LoadChannel.SOAP: "SOAP", "converter": "SOAP gennem konverteren",
    "classic": "klassisk SOAP",
}  # fmt: skip
OPERATIONS: dict[str, str] = {
    ALL: "alle under ét", LoadOperation.CREATE_KONTAKTGRUPPE: "opret kontaktgruppe",
    LoadOperation.CREATE_PERSONKATEGORI: "opret personkategori", LoadOperation.END_KONTAKTGRUPPE: "afslut kontaktgruppe",
    LoadOperation.END_PERSONKATEGORI: "afslut personkategori", LoadOperation.READ_KONTAKTGRUPPE: "læs kontaktgruppe",
    LoadOperation.READ_HISTORY: "læs historik", LoadOperation.READ_STATUS: "læs status",
    LoadOperation.READ_CODE_LIST: "læs kodeliste", LoadOperation.EMPTY_QUEUE: "tøm køen (WSRM)",
}  # fmt: skip
PARTS = {
    "parse": "læse XML", "validate": "kontrollere", "convert": "omsætte", "rest": "REST-kaldet", "serialise": "skrive XML",
}  # fmt: skip


def verdict_name(verdict: LoadVerdict | ThresholdVerdict | ChangeVerdict) -> str:
    """Return a verdict in Danish."""
    return VERDICTS[verdict]


def channel_name(channel: str) -> str:
    """Return what a channel is called in Danish."""
    return CHANNELS.get(channel, channel)


def operation_name(operation: str) -> str:
    """Return what an operation is called in Danish."""
    return OPERATIONS.get(operation, operation.replace("_", " "))


def part_name(part: str) -> str:
    """Return what a part of the converter's work is called in Danish."""
    return PARTS.get(part, part)


def threshold_name(threshold: ThresholdResult) -> str:
    """Say in Danish what a threshold is on."""
    about = [] if threshold.operation is None else [operation_name(threshold.operation)]
    about += [] if threshold.channel is None else [channel_name(threshold.channel)]
    name = " ".join(about)
    match threshold.measure:
        case Measure.LATENCY if threshold.percentile is not None:
            return f"{name}, {threshold.percentile:g}-percentil i ms"
        case Measure.RATIO if about:
            return f"{name} mod {channel_name(BASE)}"
        case measure:
            return " ".join([MEASURES[measure], *about])


def change_name(change: LoadChange) -> str:
    """Say in Danish what has changed."""
    name = f"{operation_name(change.operation)}, {channel_name(change.channel)}"
    return f"{name}, ms" if change.against is None else f"{name} mod {channel_name(change.against)}"


def reason_not_judged(result: LoadResult) -> str:
    """Say in Danish why a run is not judged; "" where it is."""
    if result.not_judged is None:
        return ""
    missing = [threshold for threshold in result.thresholds if threshold.verdict is ThresholdVerdict.NOT_MEASURED]
    return REASONS[result.not_judged].format(missing=", ".join(map(threshold_name, missing)))
