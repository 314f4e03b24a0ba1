from dataclasses import FrozenInstanceError

import pytest

from custom_components.plant_vita.model.plant import AnomalyKind, Silence, Status, Watering


def test_the_size_of_a_watering() -> None:
    watering = Watering(at=0.0, before=20.5, after=44.0, confidence=0.9)
    assert watering.size == 23.5
    with pytest.raises(FrozenInstanceError):
        watering.after = 50.0


def test_the_words_are_kept_on_disk_and_in_translations() -> None:
    assert [status.value for status in Status] == [
        "good",
        "low",
        "too_low",
        "high",
        "too_high",
        "stale",
        "faulty",
        "unknown",
    ]
    assert [kind.value for kind in AnomalyKind] == [
        "leak",
        "dead_probe",
        "probe_out_of_soil",
        "drainage_blocked",
        "heating_near",
    ]
    assert Silence("stale") is Silence.STALE
