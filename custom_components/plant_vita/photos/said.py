"""What services said, as plain data for actions that answer."""

from collections.abc import Mapping, Sequence

from homeassistant.util.json import JsonValueType

from ..model.finding import Advice, Diagnosed, Finding, Identified, Voice
from ..model.photo import Photo
from ..plants.report import local_iso


def of_voice(voice: Voice, names: Mapping[str, str]) -> dict[str, JsonValueType]:
    """One service: what became of it, how long it took, when it can be asked again."""
    seen = voice.reply if isinstance(voice.reply, Identified | Diagnosed) else None
    said = voice.reply if isinstance(voice.reply, Advice) else seen
    again = voice.again_at
    return {
        "name": names.get(voice.seat, voice.kind),
        "service": voice.kind,
        "outcome": str(voice.outcome),
        "cached": voice.cached,
        "seconds": round(voice.seconds, 2),
        "again_at": None if again is None else local_iso(again),
        "model": (said.model or None) if said else None,
        "explanation": (seen.explanation or None) if seen else None,
    }


def left_the_house(
    finding: Finding, names: Mapping[str, str], photos: Sequence[Photo]
) -> dict[str, JsonValueType]:
    """To whom something was sent for this, and how large the photos were."""
    sent: list[JsonValueType] = [
        names.get(voice.seat, voice.kind) for voice in finding.voices if voice.sent
    ]
    pictures: list[JsonValueType] = [
        {"width": one.width, "height": one.height, "bytes": len(one.jpeg)} for one in photos
    ]
    return {"to": sent, "photos": pictures if sent else []}
