import pytest

from benchmarks import pot


def test_the_trace_is_the_same_for_everybody() -> None:
    spiky = pot.trace(pot.NOISES["spiky"])
    assert len(spiky.raw) == 18_720
    assert spiky == pot.trace(pot.NOISES["spiky"])
    assert spiky.raw != pot.trace(pot.NOISES["spiky"], seed=2).raw


def test_the_spiky_noise_is_as_rough_as_the_real_log() -> None:
    raw = pot.trace(pot.NOISES["spiky"]).raw
    assert pot.mean_error(raw, pot.centred_median(raw, 61)) == pytest.approx(3.17, abs=0.15)


def test_watering_raises_and_drying_lowers() -> None:
    truth = pot.trace(pot.NOISES["quiet"]).truth
    watered = int(2.3 * 1440)
    assert truth[watered + 120] - truth[watered - 1] > 10
    assert truth[6 * 1440] < truth[3 * 1440]


@pytest.mark.parametrize(
    ("values", "width", "medians"),
    [
        ([5, 1, 9, 2, 3], 3, [3, 5, 2, 3, 2.5]),
        ([1, 2, 3, 4, 5], 5, [2, 2.5, 3, 3.5, 4]),
        ([4, 4, 4], 1, [4, 4, 4]),
    ],
)
def test_centred_medians(values, width, medians) -> None:
    assert pot.centred_median(values, width) == medians
