"""Make one answer of several.

The voices are pooled logarithmically: each service's probabilities to the power of its weight,
multiplied and normalised, with "something else" as one of the possibilities. Agreement makes surer
than each was alone, and a contradiction makes unsure, which an average would not.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..model.finding import Candidate, Diagnosed, Identified, Merged, Trouble, Voice
from .names import parse_name
from .provider import Spec

SURE = 0.5
"""The least confidence of a species that is named."""
LEAD = 0.15
"""How far it must be ahead of the next."""
ALONE = 0.75
"""What a general model's own confidence is worth when no specialist was heard."""
_FLOOR = 0.02  # what a service that does not name a species still leaves it
_MOST = 10


@dataclass(slots=True)
class _Species:
    """One species as the voices together have it."""

    candidate: Candidate
    keys: set[str]
    ids: set[str]
    shares: dict[str, float] = field(default_factory=dict)


def merge_candidates(
    voices: Sequence[Voice], specs: Mapping[str, Spec]
) -> tuple[tuple[Merged, ...], Merged | None]:
    """All candidates, the likeliest first, and the one that is sure enough, if any.

    `specs` has the spec of each kind. Specialists decide; general models are heard where these
    leave a tie, among what these named, or where there are none.
    """
    heard = [voice for voice in voices if isinstance(voice.reply, Identified)]
    special = [voice for voice in heard if not specs[voice.kind].general]
    found = _pooled(special, specs)
    sure = _sure(found)
    general = [voice for voice in heard if specs[voice.kind].general]
    if sure is not None or not general:
        return found, sure
    if any(isinstance(v.reply, Identified) and v.reply.candidates for v in special):
        named = {one.candidate.name for one in found}
        both = _pooled([*special, *general], specs)
        found = tuple(one for one in both if one.candidate.name in named)
    else:
        found = _pooled([_doubted(voice) for voice in general], specs)
    return found, _sure(found)


def _doubted(voice: Voice) -> Voice:
    if not isinstance(voice.reply, Identified):
        return voice
    less = tuple(replace(one, confidence=one.confidence * ALONE) for one in voice.reply.candidates)
    return replace(voice, reply=replace(voice.reply, candidates=less))


def _sure(found: Sequence[Merged]) -> Merged | None:
    if not found or found[0].confidence < SURE:
        return None
    second = found[1].confidence if len(found) > 1 else 0.0
    return found[0] if found[0].confidence - second >= LEAD else None


def _pooled(voices: Sequence[Voice], specs: Mapping[str, Spec]) -> tuple[Merged, ...]:
    ordered = sorted(voices, key=lambda voice: -specs[voice.kind].weight)
    species = _together(ordered)
    # General models alone weigh as much as specialists alone would; together they do not.
    alone = all(specs[voice.kind].general for voice in ordered)
    weights = {v.seat: 1.0 if alone else specs[v.kind].weight for v in ordered}
    logs = [_log(one.shares, weights) for one in species]
    rest = {seat: 1 - sum(one.shares.get(seat, 0.0) for one in species) for seat in weights}
    total = sum(map(math.exp, logs)) + math.exp(_log(rest, weights))
    merged = [
        Merged(candidate=one.candidate, confidence=math.exp(log) / total, seats=tuple(one.shares))
        for one, log in zip(species, logs, strict=True)
    ]
    return tuple(sorted(merged, key=lambda one: -one.confidence)[:_MOST])


def _log(shares: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return sum(
        weight * math.log(min(1.0, max(0.0, shares.get(seat, 0.0)) + _FLOOR))
        for seat, weight in weights.items()
    )


def _together(voices: Sequence[Voice]) -> list[_Species]:
    """One entry for each species; the weightiest voice's spelling of it is kept."""
    species: list[_Species] = []
    for voice in voices:
        if not isinstance(voice.reply, Identified):
            continue
        for candidate in voice.reply.candidates:
            name = parse_name(candidate.name)
            if name is None:
                continue
            ids = _ids(candidate)
            known = next((s for s in species if name.key in s.keys or ids & s.ids), None)
            if known is None:
                normal = replace(candidate, name=str(name))
                known = _Species(candidate=normal, keys=set(), ids=set())
                species.append(known)
            known.keys.add(name.key)
            known.ids |= ids
            known.candidate = _completed(known.candidate, candidate)
            # A service may list a species twice, as two of its varieties.
            share = known.shares.get(voice.seat, 0.0) + candidate.confidence
            known.shares[voice.seat] = min(1.0, share)
    return species


def _ids(candidate: Candidate) -> set[str]:
    pairs = (("gbif", candidate.gbif), ("powo", candidate.powo))
    return {f"{where}:{number}" for where, number in pairs if number}


def _completed(one: Candidate, other: Candidate) -> Candidate:
    names = dict.fromkeys((*one.common_names, *other.common_names))
    return replace(
        one,
        common_names=tuple(names)[:_MOST],
        family=one.family or other.family,
        gbif=one.gbif or other.gbif,
        powo=one.powo or other.powo,
    )


def merge_troubles(
    voices: Sequence[Voice], specs: Mapping[str, Spec]
) -> tuple[tuple[Trouble, ...] | None, float | None]:
    """All that may be wrong, the likeliest first, and the probability that nothing is.

    None where no voice has looked; a trouble that several name is the one of the weightiest.
    """
    heard = [(v, v.reply) for v in voices if isinstance(v.reply, Diagnosed)]
    if not heard:
        return None, None
    heard.sort(key=lambda pair: -specs[pair[0].kind].weight)
    troubles: dict[str, Trouble] = {}
    for _, reply in heard:
        for trouble in reply.troubles:
            troubles.setdefault(trouble.name.casefold(), trouble)
    weighed = [
        (specs[v.kind].weight, reply.healthy) for v, reply in heard if reply.healthy is not None
    ]
    healthy = sum(w * h for w, h in weighed) / sum(w for w, _ in weighed) if weighed else None
    ordered = sorted(troubles.values(), key=lambda trouble: -trouble.confidence)
    return tuple(ordered[:_MOST]), healthy
