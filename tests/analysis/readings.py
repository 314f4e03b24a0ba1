"""What property tests feed to the analysis: readings as they come in the worst of houses."""

from hypothesis import strategies as st

from custom_components.plant_vita.analysis.series import Series, series

NOW = 1_800_000_000.0
ANYTHING = st.floats(allow_nan=True, allow_infinity=True)
MOMENTS = st.one_of(
    ANYTHING, st.floats(NOW - 40 * 86_400, NOW + 86_400), st.just(NOW), st.just(NOW - 60)
)


def readings(low: float = -1e6, high: float = 1e6, most: int = 60) -> st.SearchStrategy[Series]:
    """Unordered, doubled, missing and impossible readings, brought into order."""
    values = st.one_of(st.floats(low, high), ANYTHING)
    pairs = st.lists(st.tuples(MOMENTS, values), max_size=most)
    return pairs.map(lambda all_: series([t for t, _ in all_], [v for _, v in all_]))
