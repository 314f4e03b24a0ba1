"""What services said, as plain data."""

import json

from custom_components.plant_vita.model.finding import Finding, Identified, Outcome, Task, Voice
from custom_components.plant_vita.model.photo import Photo
from custom_components.plant_vita.photos.said import left_the_house, of_voice

PHOTO = Photo(jpeg=b"1234", width=4, height=3, digest="", likeness=0, cells=b"")
HEARD = Voice(
    seat="a",
    kind="plant_id",
    outcome=Outcome.ANSWERED,
    reply=Identified(candidates=(), explanation="Holes.", model="m"),
    seconds=1.234,
    sent=True,
)
FAILED = Voice(seat="b", kind="plantnet", outcome=Outcome.QUOTA, again_at=1_795_262_400.0)


def test_a_service_is_what_became_of_it() -> None:
    assert of_voice(HEARD, {"a": "Mine"}) == {
        "name": "Mine",
        "service": "plant_id",
        "outcome": "answered",
        "cached": False,
        "seconds": 1.23,
        "again_at": None,
        "model": "m",
        "explanation": "Holes.",
    }
    failed = of_voice(FAILED, {})
    assert (failed["name"], failed["outcome"]) == ("plantnet", "provider_quota")
    assert str(failed["again_at"]).startswith("2026-11-2")
    assert (failed["model"], failed["explanation"]) == (None, None)
    json.dumps(failed)


def test_only_who_was_sent_something_is_named() -> None:
    finding = Finding(task=Task.IDENTIFY, at=0.0, voices=(HEARD, FAILED))
    picture = {"width": 4, "height": 3, "bytes": 4}
    assert left_the_house(finding, {"a": "Mine"}, [PHOTO]) == {"to": ["Mine"], "photos": [picture]}
    nobody = Finding(task=Task.IDENTIFY, at=0.0, voices=(FAILED,))
    assert left_the_house(nobody, {}, [PHOTO]) == {"to": [], "photos": []}
