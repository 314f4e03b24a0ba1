import json
from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.analysis import drydown
from custom_components.plant_vita.analysis.stored import as_stored, from_stored
from tests.analysis.pots import pot, taught


@pytest.fixture(scope="module")
def stored() -> dict[str, object]:
    return json.loads(json.dumps(as_stored(taught(pot(40, noise=0.5))), allow_nan=False))


def test_what_was_learnt_comes_back(stored: dict[str, object]) -> None:
    model, back = taught(pot(40, noise=0.5)), from_stored(stored)
    assert back is not None
    assert drydown.coefficients(back) == pytest.approx(drydown.coefficients(model), abs=1e-4)
    assert drydown.spread(back) == pytest.approx(drydown.spread(model), rel=1e-5)
    assert (back.low, back.high) == pytest.approx((model.low, model.high), rel=1e-5)
    assert back.until == model.until
    assert (back.rate, back.rated) == pytest.approx((model.rate, model.rated), rel=1e-5)
    assert back.misses == pytest.approx(model.misses, rel=1e-5)
    assert as_stored(back) == stored
    assert len(json.dumps(stored)) < 12_000


def test_a_model_of_an_earlier_version_has_no_pace_yet(stored: dict[str, object]) -> None:
    older = {key: value for key, value in stored.items() if key != "pace"}
    back = from_stored(older)
    assert back is not None
    assert (back.rate, back.rated, back.misses.tolist()) == (0.1, 0.0, [0.0, 0.0])


def test_a_model_that_knows_nothing_comes_back_too() -> None:
    back = from_stored(json.loads(json.dumps(as_stored(drydown.untaught()), allow_nan=False)))
    assert back is not None
    assert np.isnan(back.low)
    assert back.until == float("-inf")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", 2),
        ("gram", [[1, 2]]),
        ("gram", "x"),
        ("moment", [[0.0] * 17, [None] * 17]),
        ("range", [40, 20]),
        ("range", [1]),
        ("until", "now"),
        ("errors", None),
        ("errors", [[1.0]]),
        ("errors", [["x"]] * 7),
        ("usual", [float("nan")] * 3),
    ],
)
def test_what_is_not_ours_is_not_read(stored: dict[str, object], key: str, value: object) -> None:
    broken = deepcopy(stored)
    broken[key] = value
    assert from_stored(broken) is None
    del broken[key]
    assert from_stored(broken) is None


@pytest.mark.parametrize(
    "pace", [[0.1, 5.0], [0.0, 5.0, 1.0, 1.0], [3.0, 5.0, 1.0, 1.0], [0.1, 5.0, -1.0, 1.0]]
)
def test_a_pace_that_no_pot_has_is_not_read(stored: dict[str, object], pace: list[float]) -> None:
    assert from_stored({**stored, "pace": pace}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(["version", "gram", "range", "until"]), JSON))
def test_nothing_read_from_a_disk_raises(found: dict[str, object]) -> None:
    assert from_stored(found | {"version": 1}) is None
