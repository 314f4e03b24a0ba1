import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.analysis.air import (
    dew_point,
    saturation_kpa,
    vpd_course,
    vpd_kpa,
)


@pytest.mark.parametrize(
    # FAO-56, annex 2, table 2.3, rounded to 0.01 kPa.
    ("temperature", "pressure"),
    [(0, 0.61), (10, 1.23), (20, 2.34), (25, 3.17), (30, 4.24), (40, 7.38)],
)
def test_saturation_golden(temperature: float, pressure: float) -> None:
    assert saturation_kpa(temperature) == pytest.approx(pressure, abs=0.01)


@pytest.mark.parametrize(
    ("temperature", "humidity", "deficit", "dew"),
    [(25, 50, 1.58, 13.9), (20, 60, 0.93, 12.0), (30, 40, 2.54, 14.9), (22, 100, 0.0, 22.0)],
)
def test_deficit_and_dew_point_golden(
    temperature: float, humidity: float, deficit: float, dew: float
) -> None:
    assert vpd_kpa(temperature, humidity) == pytest.approx(deficit, abs=0.01)
    assert dew_point(temperature, humidity) == pytest.approx(dew, abs=0.1)


def test_fog_is_saturated() -> None:
    assert vpd_kpa(20, 103) == 0
    assert dew_point(20, 103) == pytest.approx(20)


@pytest.mark.parametrize(
    ("temperature", "humidity"),
    [(math.nan, 50), (20, math.nan), (20, -1), (20, 106), (70, 50), (-60, 50), (math.inf, 50)],
)
def test_what_cannot_be_is_nothing(temperature: float, humidity: float) -> None:
    assert math.isnan(vpd_kpa(temperature, humidity))
    assert math.isnan(dew_point(temperature, humidity))


def test_a_whole_past_at_once_is_the_same() -> None:
    warm = np.array([20.0, 25, -44, 70, math.nan, 20, 20])
    wet = np.array([50.0, 103, 80, 50, 50, -1, 106])
    one_by_one = [vpd_kpa(float(t), float(h)) for t, h in zip(warm, wet, strict=True)]
    np.testing.assert_allclose(vpd_course(warm, wet), one_by_one, rtol=1e-12)


@given(st.floats(-45, 60), st.floats(0.1, 100))
def test_air_at_its_dew_point_lacks_nothing(temperature: float, humidity: float) -> None:
    dew = dew_point(temperature, humidity)
    assert dew <= temperature + 1e-9
    assert 0 <= vpd_kpa(temperature, humidity) <= saturation_kpa(temperature)
    if dew >= -45:
        assert saturation_kpa(dew) == pytest.approx(
            saturation_kpa(temperature) * humidity / 100, rel=1e-6
        )
