"""What no single key of a profile can tell: which go together, and which could never be about anything. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vos_load.profil import (
    AFSLUTTER,
    KUN_REST,
    KUN_SOAP,
    PARVISE,
    PERCENTILER,
    Graense,
    Kanal,
    Kolonne,
    Maal,
    Par,
    Profil,
    varighed,
)


def brudte(profil: Profil) -> Sequence[tuple[str, str]]:
    """List what no single key can tell."""
    brud: list[tuple[str, str]] = []
    try:
        varighed(profil.duration)
    except ValueError as fejl:
        brud.append(("duration", str(fejl)))
    if [profil.pairs, profil.rate, profil.users].count(None) != 2:
        brud.append(("rate", "give one of pairs (a comparison), rate (calls that are due) and users (who wait)"))
    if profil.pairs is not None and profil.mix:
        brud.append(("mix", "a comparison has pairs.operations"))
    if profil.pairs is not None and profil.nightly is not None:
        brud.append(("nightly", "has no traffic beside it in a comparison"))
    for nummer, en in enumerate(profil.threshold):
        brud += [(f"threshold[{nummer}].{noegle}", regel) for noegle, regel in _graensebrud(profil, en)]
    if profil.pairs is None and not any(profil.mix.values()):
        brud.append(("mix", "says nothing of what is called"))
    for kanal, kan_ikke in ((Kanal.REST, KUN_SOAP), (Kanal.SOAP, KUN_REST)):
        brud += [
            (f"mix.{kanal}.{en}", "the channel cannot do it") for en in profil.mix.get(kanal, {}) if en in kan_ikke
        ]
    if profil.pairs is not None:
        brud += _parbrud(profil.pairs)
    if profil.rate is not None:
        if abs(sum(profil.rate.hours) - 1) > 0.001:
            brud.append(("rate.hours", f"are shares of a day and must come to 1, not {sum(profil.rate.hours):.3f}"))
        if profil.rate.from_hour >= profil.rate.to_hour:
            brud.append(("rate.from_hour", f"must be before to_hour {profil.rate.to_hour}"))
    return brud


def _parbrud(par: Par) -> Iterator[tuple[str, str]]:
    for nummer, en in enumerate(par.operations):
        if en not in PARVISE:
            yield f"pairs.operations: {en}", "only one of the channels can do it"
        if en in par.operations[:nummer]:
            yield f"pairs.operations: {en}", "is there already"
        oprettes = AFSLUTTER.get(en)
        if oprettes is not None and oprettes not in par.operations[:nummer]:
            yield f"pairs.operations: {en}", f"needs {oprettes} before it"


def _graensebrud(profil: Profil, graense: Graense) -> Iterator[tuple[str, str]]:
    """List what a threshold could never be about."""
    if graense.what is Maal.FORHOLD and profil.pairs is None:
        yield "what", "only a comparison has ratios"
    if graense.what is Maal.FORHOLD and graense.channel is Kolonne.REST:
        yield "channel", "a ratio is against REST"
    if graense.what in (Maal.FEJL, Maal.HUKOMMELSE) and (graense.operation or graense.channel):
        yield "operation", f"{graense.what} is of the whole run"
    if graense.what is Maal.SVARTID and graense.percentile not in PERCENTILER:
        yield "percentile", f"must be one of {', '.join(f'{en:g}' for en in PERCENTILER)}"
