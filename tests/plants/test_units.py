"""What entities of any make say, in one unit for each input."""

import pytest

from custom_components.plant_vita.analysis.lamps import Source as Lamp
from custom_components.plant_vita.plants.definition import Input, Scale
from custom_components.plant_vita.plants.units import converted, needs_scale, possible


@pytest.mark.parametrize(
    ("one", "value", "unit", "expected"),
    [
        (Input.MOISTURE, 41.5, "%", 41.5),
        (Input.MOISTURE, 0.32, "m³/m³", 32.0),
        (Input.MOISTURE, 0.32, "m3/m3", 32.0),
        (Input.HUMIDITY, 55.0, "%", 55.0),
        (Input.HUMIDITY, 0.55, None, 55.0),
        (Input.HUMIDITY, 55.0, None, 55.0),
        (Input.TEMPERATURE, 21.5, "°C", 21.5),
        (Input.TEMPERATURE, 68.0, "°F", 20.0),
        (Input.TEMPERATURE, 68.0, "F", 20.0),
        (Input.TEMPERATURE, 293.15, "K", 20.0),
        (Input.TEMPERATURE, 20.0, None, 20.0),
        (Input.CONDUCTIVITY, 850.0, "µS/cm", 850.0),
        (Input.CONDUCTIVITY, 850.0, "μS/cm", 850.0),
        (Input.CONDUCTIVITY, 0.85, "mS/cm", 850.0),
        (Input.CONDUCTIVITY, 0.00085, "S/cm", 850.0),
        (Input.CONDUCTIVITY, 0.85, "dS/m", 850.0),
        (Input.LIGHT, 54_000.0, "lx", 999.0),
        (Input.LIGHT, 54_000.0, "Lux", 999.0),
        (Input.LIGHT, 54.0, "klx", 999.0),
        (Input.LIGHT, 100.0, "fc", 19.913),
        (Input.LIGHT, 480.0, "µmol/m²/s", 480.0),
        (Input.LIGHT, 480.0, "μmol/(m²·s)", 480.0),
        (Input.LIGHT, 480.0, "μmol/s⋅m²", 480.0),
        (Input.LIGHT, 480.0, "µmol m⁻² s⁻¹", 480.0),
        (Input.LIGHT, 500.0, "W/m²", 1028.25),
    ],
)
def test_known_units(one: Input, value: float, unit: str | None, expected: float) -> None:
    assert converted(one, value, unit, None) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("one", "unit"),
    [
        (Input.TEMPERATURE, "hPa"),
        (Input.CONDUCTIVITY, "%"),
        (Input.LIGHT, "%"),
        (Input.HUMIDITY, "g/m³"),
        (Input.MOISTURE, None),
        (Input.MOISTURE, "mV"),
    ],
)
def test_a_unit_that_says_nothing_gives_nothing(one: Input, unit: str | None) -> None:
    assert converted(one, 20.0, unit, None) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_gives_nothing(value: float) -> None:
    assert converted(Input.TEMPERATURE, value, "°C", None) is None


@pytest.mark.parametrize(
    ("dry", "wet", "value", "expected"),
    [
        (0.0, 1.0, 0.4, 40.0),
        (2800.0, 1200.0, 2000.0, 50.0),
        (2800.0, 1200.0, 3000.0, 0.0),
        (2800.0, 1200.0, 900.0, 100.0),
    ],
)
def test_a_raw_moisture_lies_between_two_points(
    dry: float, wet: float, value: float, expected: float
) -> None:
    assert converted(Input.MOISTURE, value, None, Scale(dry=dry, wet=wet)) == pytest.approx(
        expected
    )


def test_two_points_in_one_place_give_nothing() -> None:
    assert converted(Input.MOISTURE, 5.0, None, Scale(dry=5.0, wet=5.0)) is None


def test_per_cent_needs_no_points_even_if_there_are_some() -> None:
    assert not needs_scale("%")
    assert needs_scale(None)
    assert needs_scale("mV")
    assert converted(Input.MOISTURE, 30.0, "%", Scale(dry=0.0, wet=1.0)) == 30.0


def test_what_cannot_be_true() -> None:
    assert possible(Input.MOISTURE, 0.0)
    assert possible(Input.MOISTURE, 100.0)
    assert not possible(Input.MOISTURE, 101.0)
    assert not possible(Input.TEMPERATURE, -100.0)


@pytest.mark.parametrize(
    ("lamp", "value", "unit", "expected"),
    [
        (Lamp.SUNLIGHT, 10_000, "lx", 185),
        (Lamp.LED_WHITE, 10_000, "lx", 150),
        (Lamp.LED_WHITE, 10, "klx", 150),
        (Lamp.LED_WHITE, 1000, "fc", 161.46),
        (Lamp.SODIUM, 10_000, "lx", 122),
        (Lamp.FLUORESCENT, 10_000, None, 135),
        (Lamp.LED_RED_BLUE, 1000, "lux", 90),
        # What counts photons needs no lamp, and W/m² are the sun's.
        (Lamp.LED_RED_BLUE, 200, "μmol/m²/s", 200),
        (Lamp.LED_WHITE, 100, "W/m²", 205.65),
    ],
)
def test_what_a_lamp_has_for_a_plant(
    lamp: Lamp, value: float, unit: str | None, expected: float
) -> None:
    assert converted(Input.LIGHT, value, unit, None, lamp) == pytest.approx(expected, rel=1e-4)
