"""A species that was learnt is the same after a restart."""

import json
from dataclasses import replace

import pytest

from custom_components.plant_vita.model.finding import Facts
from custom_components.plant_vita.plants.profile import ORDINARY
from custom_components.plant_vita.species.compiled import compiled
from custom_components.plant_vita.species.stored import as_stored, from_stored

SPECIES = compiled(
    "Citrus × limon",
    [("Book", Facts(name="Citrus limon", water_days=(3.0, 5.0), poisonous_to_pets=True))],
    ORDINARY,
)


def test_nothing_is_lost_on_disk() -> None:
    assert from_stored(json.loads(json.dumps(as_stored(SPECIES)))) == SPECIES
    bare = replace(SPECIES, feeding=None, repot_years=None, water_days={}, growing={}, sources={})
    assert from_stored(json.loads(json.dumps(as_stored(bare)))) == bare


@pytest.mark.parametrize(
    "change",
    [
        {"toxicity": ["none"]},
        {"toxicity": ["none", "none", "glowing"]},
        {"growing": {"moisture": [4, 3, 2, 1]}},
        {"growing": {"moisture": [1, 2]}},
        {"growing": {"weight": [1, 2, 3, 4]}},
        {"feeding": [7]},
        {"names": None},
    ],
)
def test_what_another_version_wrote_is_an_error(change: dict[str, object]) -> None:
    with pytest.raises((AttributeError, LookupError, TypeError, ValueError)):
        from_stored({**as_stored(SPECIES), **change})
