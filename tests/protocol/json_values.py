"""What a node could put into a message: any JSON, and messages that are nearly right."""

from hypothesis import strategies as st

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40)
)
ANY = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=12,
)

CHANNELS = st.sampled_from(["0", "1", "63", "64", "-1", "007", "x", "", "٣", " 1"])
WORDS = st.sampled_from(["open", "short", "range", "silent", "warm", "fine", "cmd", "tank", "soak"])
NEARLY = (
    st.sampled_from([0, 1, -1, 5, 100, 101, 1e9, 2**31, 86_400_000, True, None, 0.5])
    | WORDS
    | st.dictionaries(CHANNELS, SCALARS | WORDS, max_size=4)
    | st.lists(st.lists(SCALARS | WORDS, max_size=5), max_size=4)
    | SCALARS
)
HELLO_NAMES = ["v", "id", "model", "fw", "boot", "up", "every", "sleep", "name", "ch"]
OTHER_NAMES = ["n", "age", "r", "b", "p", "a", "lv", "lock", "why", "c", "ok", "err", "ms", "msg"]
NAMES = [*HELLO_NAMES, *OTHER_NAMES, "new"]
MESSAGES = st.builds(
    lambda kind, fields: {**fields, "t": kind},
    st.sampled_from(["hello", "tele", "past", "state", "ack", "log", "other"]) | SCALARS,
    st.dictionaries(st.sampled_from(NAMES), NEARLY, max_size=12),
)
