import json

import pytest

from custom_components.plant_vita.model.finding import (
    Candidate,
    Diagnosed,
    Facts,
    Identified,
    Reply,
    Trouble,
)
from custom_components.plant_vita.model.species import Measure
from custom_components.plant_vita.providers.stored import as_stored, from_stored

REPLIES = [
    Identified(
        candidates=(Candidate(name="Ficus", confidence=0.5, common_names=("Fig",), gbif="7"),),
        plant=0.9,
        explanation="x",
        model="m",
    ),
    Identified(candidates=()),
    Diagnosed(
        troubles=(Trouble(name="Mites", confidence=0.4, code="TETRUR", prevention=("a", "b")),),
        healthy=0.1,
    ),
    Facts(
        name="Ficus elastica",
        limits={Measure.DLI: (2.0, 4.5), Measure.MOISTURE: (15.0, 60.0)},
        water_days=(7.0, 10.0),
        sunlight=("part shade",),
        poisonous_to_pets=True,
        texts={"watering": "Average"},
    ),
    Facts(name=""),
]


@pytest.mark.parametrize("reply", REPLIES)
def test_an_answer_comes_back_as_it_was(reply: Reply) -> None:
    assert from_stored(json.loads(json.dumps(as_stored(reply)))) == reply


@pytest.mark.parametrize(
    "stored",
    [{}, {"kind": "prose"}, {"kind": "facts"}, {"kind": "facts", "name": "x", "limits": {"z": 1}}],
)
def test_another_versions_answer_is_an_error(stored: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_stored(stored)
