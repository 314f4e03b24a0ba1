import pytest

from custom_components.plant_vita.care.weather import Weather, objection
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
    assert objection(weather, can_wait=True) is why


def test_a_forecast_does_not_keep_dry_soil_dry_but_rain_does() -> None:
    assert objection(Weather(expected_mm=20.0), can_wait=False) is None
    assert objection(Weather(raining=True), can_wait=False) is Why.RAIN
    assert objection(Weather(fallen_mm=8.0), can_wait=False) is Why.RAIN
    assert objection(Weather(lowest_c=0.0), can_wait=False) is Why.FROST
