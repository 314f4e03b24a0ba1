"""What there is in a lux for a plant."""

import pytest

from custom_components.plant_vita.analysis.lamps import PPFD_PER_LUX, Source, ppfd_from_lux


@pytest.mark.parametrize(
    ("source", "lux"),
    [
        (Source.SUNLIGHT, 54.1),
        (Source.LED_WHITE, 66.7),
        (Source.FLUORESCENT, 74.1),
        (Source.SODIUM, 82.0),
        (Source.INCANDESCENT, 50.0),
        (Source.LED_RED_BLUE, 11.1),
    ],
)
def test_lux_to_one_micromole(source: Source, lux: float) -> None:
    assert ppfd_from_lux(lux, source) == pytest.approx(1.0, abs=0.002)
    assert set(PPFD_PER_LUX) == set(Source)
