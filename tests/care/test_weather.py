import pytest

from custom_components.plant_vita.care.weather import Spell, Weather, objection, outlook
from custom_components.plant_vita.model.watering import Why


@pytest.mark.parametrize(
    ("weather", "why"),
    [
        (None, None),
        (Weather(), None),
        (Weather(lowest_c=1.0), Why.FROST),
        (Weather(lowest_c=1.1), None),
        (Weather(raining=True), Why.RAIN),
        (Weather(raining=True, lowest_c=-5.0), Why.FROST),
        (Weather(fallen_mm=3.0), Why.RAIN),
        (Weather(fallen_mm=2.9), None),
        (Weather(expected_mm=3.0), Why.RAIN),
        (Weather(expected_mm=2.9), None),
        (Weather(expected_mm=10.0, probability=0.3), Why.RAIN),
        (Weather(expected_mm=10.0, probability=0.2), None),
    ],
)
def test_what_speaks_against_water(weather, why) -> None:
    assert objection(weather, can_wait=True, sensed=False) is why


def test_a_forecast_does_not_keep_dry_soil_dry_but_rain_does() -> None:
    def said(weather: Weather, *, sensed: bool = True) -> Why | None:
        return objection(weather, can_wait=False, sensed=sensed)

    assert said(Weather(expected_mm=20.0)) is None
    assert said(Weather(raining=True)) is Why.RAIN
    assert said(Weather(lowest_c=0.0)) is Why.FROST
    # What has fallen is in the soil, or the pot stands under a roof: a sensor tells.
    assert said(Weather(fallen_mm=8.0)) is None
    assert said(Weather(fallen_mm=8.0), sensed=False) is Why.RAIN


HOUR = 3600.0


@pytest.mark.parametrize(
    ("spells", "expected"),
    [
        ([], None),
        ([Spell(start=-HOUR, end=0.0, mm=9)], None),
        ([Spell(start=24 * HOUR, end=25 * HOUR, mm=9)], None),
        ([Spell(start=0.0, end=HOUR)], Weather()),
        ([Spell(start=0.0, end=HOUR, mm=4, probability=0.5)], Weather(expected_mm=2.0)),
        # Half of it is over, and a quarter of it lies behind the day.
        ([Spell(start=-HOUR, end=HOUR, mm=4)], Weather(expected_mm=2.0)),
        ([Spell(start=21 * HOUR, end=25 * HOUR, mm=4)], Weather(expected_mm=3.0)),
        ([Spell(start=-HOUR, end=HOUR, lowest_c=-2)], Weather(lowest_c=-2)),
        ([Spell(start=12 * HOUR, end=13 * HOUR, lowest_c=-2)], Weather()),
        ([Spell(start=0.0, end=HOUR, mm=-1)], Weather(expected_mm=0.0)),
        ([Spell(start=5.0, end=5.0, mm=4)], Weather()),
    ],
)
def test_what_is_forecast_for_the_hours_to_come(spells, expected) -> None:
    assert outlook(spells, 0.0) == expected
