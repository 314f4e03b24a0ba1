"""A life of the house: one mood, one measure of faults, so many acts, and then it must be calm."""

from collections import Counter

from tests.care import acts
from tests.care.core import Core
from tests.care.world import World

ACTS = 400


def live(core: Core, seed: int, steps: int = ACTS) -> Counter[str]:
    """What happened; raises `AssertionError` at the first violation of an invariant."""
    world = World(core, seed)
    mood = acts.MOODS[seed % len(acts.MOODS)]
    for act in world.dice.choices(list(mood), list(mood.values()), k=steps):
        act(world)
    calm(world)
    return Counter(world.watch.figures)


def calm(world: World) -> None:
    """All faults end; hours later everybody knows what became of what."""
    world.hard = 0.0
    acts.disk_well(world)
    acts.link_up(world)
    world.pass_time(3 * 3600.0)
    world.watch.finale()
