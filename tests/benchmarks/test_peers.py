import numpy as np
import pytest

from benchmarks.peers import DAYS, Peers
from custom_components.plant_vita.analysis.history import History


def past(moisture: np.ndarray, per_day: int = 8) -> History:
    return History(
        end=0.0, per_day=per_day, moisture=moisture, drivers=np.full((len(moisture), 3), np.nan)
    )


def test_persistence_stays() -> None:
    found = Peers().forecast(past(np.linspace(50, 40, 80)), 10.0)["persistence"]
    assert found.tolist() == [40.0] * (DAYS + 1)


def test_a_line_goes_on() -> None:
    days = np.arange(80) / 8
    found = Peers().forecast(past(50 - 2 * days), 10.0)["linear slope"]
    assert found[:4] == pytest.approx(50 - 2 * days[-1] - 2 * np.arange(4))
    assert found[-1] == 0


def test_a_curve_that_is_one_is_met_exactly() -> None:
    days = np.arange(80) / 8
    curve = 9.5 + 40 * np.exp(-0.2 * days)
    found = Peers().forecast(past(curve), 10.0)["exponential"]
    assert found[7] == pytest.approx(9.5 + 40 * np.exp(-0.2 * (days[-1] + 7)))


def test_before_the_last_water_nothing_counts() -> None:
    days = np.arange(80) / 8
    level = np.where(days < 5, 30 + 3 * days, 60 - (days - 5))
    found = Peers().forecast(past(level), 10.0)["linear slope"]
    assert found[1] - found[0] == pytest.approx(-1)


def test_just_after_water_the_usual_rate_is_taken() -> None:
    days, peers = np.arange(80) / 8, Peers()
    peers.forecast(past(9.5 + 40 * np.exp(-0.2 * days)), 10.0)
    level = np.append(np.full(79, 20.0), 50.0)
    assert peers.forecast(past(level), 10.0)["exponential"][1] == pytest.approx(
        9.5 + 40.5 * np.exp(-0.2)
    )
