"""W9 to W18 over the real decisions, in a house where everything goes wrong (tests/care/world.py).

Messages are lost, doubled, delayed and re-ordered, both ends reset, clocks jump, sensors stick, the
disk fails, people press buttons. 100,000 acts in short lives, 2,000,000 with PLANT_VITA_FULL=1; and
the same acts as a state machine that Hypothesis shrinks. A life that fails names its seed;
PLANT_VITA_SEED plays it again.
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.care import acts
from tests.care.campaign import ACTS, calm, live
from tests.care.core import product
from tests.care.world import World

FULL = os.environ.get("PLANT_VITA_FULL") == "1"
LIVES = (2_000_000 if FULL else 100_000) // ACTS
EXAMPLES = 2000 if FULL else 60

pytestmark = pytest.mark.timeout(7200 if FULL else 600)


@pytest.mark.full
def test_no_invariant_falls_in_many_short_lives():
    core, figures = product(), Counter()
    first = int(os.environ.get("PLANT_VITA_SEED", "0"))
    for seed in range(first, first + LIVES):
        try:
            figures += live(core, seed)
        except AssertionError as error:
            pytest.fail(f"PLANT_VITA_SEED={seed}: {error}")
    # A house in which nothing is ever watered would be safe, too.
    assert figures["sends"] > 10 * LIVES
    assert figures["finished"] > 9 * LIVES
    assert figures["locked"] > LIVES / 10


class House(RuleBasedStateMachine):
    """The same house; Hypothesis chooses what happens, the seed decides on the faults."""

    @initialize(seed=st.integers(0, 999_999), hard=st.sampled_from([0.0, 0.02, 0.1, 0.25]))
    def build(self, seed, hard):
        self.world = World(product(), seed, hard)

    @rule(act=st.sampled_from(sorted({*acts.MIXED, *acts.GREEDY}, key=lambda act: act.__name__)))
    def happens(self, act):
        act(self.world)

    @rule(seconds=st.floats(0.001, 7200.0))
    def time_passes(self, seconds):
        self.world.pass_time(seconds)

    @rule(which=st.integers(0, 3))
    def somebody_waters(self, which):
        for _ in range(which + 1):
            acts.ask_well(self.world)

    def teardown(self):
        if hasattr(self, "world"):
            calm(self.world)


@pytest.mark.full
def test_a_state_machine_finds_nothing_either():
    run_state_machine_as_test(
        House,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=60,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
