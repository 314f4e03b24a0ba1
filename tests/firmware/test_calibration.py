"""Two points, kept on the node, that make volts a percentage."""

import pytest

from tests.firmware import rig, under_micropython

rig.plantnode()
from plantnode.calibration import Calibration  # noqa: E402
from plantnode.settings import Settings  # noqa: E402


class Kept(Settings):
    """Settings whose flash is full when wanted."""

    full = False

    def put(self, key, value):
        if self.full:
            raise OSError(28)
        self.values[key] = value


def test_the_usual_probe_without_calibration():
    calibration = Calibration(Kept())
    assert calibration.percent(0, 2_600_000) == 0
    assert calibration.percent(0, 1_150_000) == 100
    assert calibration.percent(0, 1_875_000) == 50


def test_slightly_beyond_is_the_edge_and_far_beyond_is_a_fault():
    calibration = Calibration(Kept())
    assert calibration.percent(0, 2_700_000) == 0
    assert calibration.percent(0, 1_000_000) == 100
    assert calibration.percent(0, 2_850_000) == "range"
    assert calibration.percent(0, 800_000) == "range"


def test_points_are_kept_for_their_channel_only():
    settings = Kept()
    Calibration(settings).take(1, "dry", 2_400_000)
    Calibration(settings).take(1, "wet", 1_400_000)
    again = Calibration(settings)
    assert again.percent(1, 1_900_000) == 50
    assert again.percent(0, 1_875_000) == 50


def test_a_probe_that_rises_with_water():
    settings = Kept({"cal": {"0": {"dry": 500_000, "wet": 1_500_000}}})
    assert Calibration(settings).percent(0, 750_000) == 25


@pytest.mark.parametrize(
    ("at", "uv"), [("wet", 2_500_000), ("dry", 1_200_000), ("damp", 2_000_000)]
)
def test_what_makes_no_scale_is_refused_and_changes_nothing(at, uv):
    settings = Kept()
    calibration = Calibration(settings)
    with pytest.raises(ValueError, match=r"near|dry or wet"):
        calibration.take(0, at, uv)
    assert settings.values == {}
    assert calibration.percent(0, 1_875_000) == 50


def test_what_cannot_be_kept_is_not_in_force():
    settings = Kept()
    settings.full = True
    calibration = Calibration(settings)
    with pytest.raises(OSError, match="28"):
        calibration.take(0, "dry", 2_000_000)
    assert calibration.percent(0, 1_875_000) == 50


@pytest.mark.parametrize(
    "broken",
    [[], "x", {"0": 3}, {"0": {"dry": 1}}, {"0": {"dry": "2", "wet": 1}},
     {"0": {"dry": 2_000_000, "wet": 1_900_000}}],
)  # fmt: skip
def test_broken_settings_are_no_calibration(broken):
    assert Calibration(Kept({"cal": broken})).percent(0, 1_875_000) == 50


def test_micropython_agrees():
    source = """
from plantnode.calibration import Calibration
from plantnode.settings import Settings
kept = Calibration(Settings({"cal": {"0": {"dry": 2512345, "wet": 1198765}}}))
result = [kept.percent(0, uv) for uv in range(900000, 2900000, 50001)]
"""
    values = under_micropython.both(source)
    assert values[0] == "range"
    assert 100.0 in values
    assert 0.0 in values
