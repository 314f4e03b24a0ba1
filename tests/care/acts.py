"""What may happen in the house: one function for each, the dice say how."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.care.things import DAY
from tests.care.world import PLANTS, PUMPS, SWITCH, World


def ask(world: World) -> None:
    """Somebody wants water, mostly sensibly."""
    dice, model = world.dice, world.core.model
    pump = dice.choice(PUMPS)
    world.count += 1
    source = dice.choice([*model.Source, model.Source.MANUAL, model.Source.AUTOMATIC])
    ml = dice.choice([20.0, 60.0, 100.0, 100.0, 150.0, 250.0, 450.0, 500.0, 700.0, -1.0, 1e9])
    ms = dice.choice([10, 1000, 5000, 30_000, 60_000, 10**9])
    by_time = dice.random() < 0.3
    wall = world.now + world.ahead
    due = wall - dice.choice([0.0, 5.0, 1800.0, 3590.0, 3700.0])
    demand = model.Demand(
        demand_id=f"d{world.count}",
        pump_id=pump,
        plant_ids=world.facts[pump].plants if dice.random() < 0.9 else (),
        source=source,
        asked_at=wall,
        ml=None if by_time else ml,
        ms=ms if by_time else None,
        due_at=due if source is model.Source.SCHEDULE else None,
    )
    world.asked.append(demand)
    world.hand(pump, world.core.events.Asked(demand=demand))


def ask_again(world: World) -> None:
    """The same demand a second time, perhaps in another life."""
    if world.asked:
        demand = world.dice.choice(world.asked[-6:])
        world.hand(demand.pump_id, world.core.events.Asked(demand=demand))


def stop(world: World) -> None:
    world.hand(world.dice.choice(PUMPS), world.core.events.Stopped(by="somebody"))


def old_words(world: World) -> None:
    """What was said of pulses that are over is said once more."""
    events, over = world.core.events, world.watch.over
    names = [
        name
        for name, one in list(world.watch.bookings.items())[-12:]
        if one.demand_id in over and name not in world.watch.failed
    ]
    if names:
        name = world.dice.choice(names)
        word = world.dice.choice([events.Booked, events.Acked, events.Ended, events.Unanswered])
        if word is events.Booked and name not in world.watch.on_disk:
            return
        world.hand(world.watch.bookings[name].pump_id, word(booking_id=name))


def restart(world: World) -> None:
    """Home Assistant is killed, or its machine, or it stops as it should."""
    dice = world.dice
    kind = dice.choice(["kill", "kill", "stop", "power"])
    if kind == "stop":
        world.append(world.ledger.anchor(world.moment()))
    world.alive = False
    world.life += 1
    for device, up in world.links.items():
        if up and device == "node":
            world.sessions[device] += 1
            world.after(5 * dice.random(), lambda: world.node.off(world.now, "link"), life=False)
    world.watch.set_mark()
    world.pass_time(dice.choice([3.0, 60.0, 1200.0, 5000.0]))
    if kind == "power":
        world.switch.turn(on=False, now=world.now)
        world.pass_time(dice.choice([10.0, 7200.0]))
        world.boot += 1
        world.born = world.now - 30.0
        world.ahead += dice.choice([0.0, 0.0, -DAY, DAY, 40 * DAY])
    world.start(list(world.disk))
    world.watch.set_mark()


def jump(world: World) -> None:
    """The clock is set."""
    world.ahead += world.dice.choice([-DAY, -3600.0, -1200.0, 1200.0, 3600.0, DAY, 365 * DAY])


def link(world: World) -> None:
    device = world.dice.choice(["node", SWITCH])
    if world.links[device]:
        world.cut(device)
    else:
        link_again(world, device)


def link_up(world: World) -> None:
    for device in ("node", SWITCH):
        if not world.links[device]:
            link_again(world, device)


def link_again(world: World, device: str) -> None:
    world.links[device] = True
    world.greet(device)


def node_reset(world: World) -> None:
    world.node.off(world.now, "boot")
    if world.links["node"]:
        world.cut("node")


def contact(world: World) -> None:
    """A leak or an empty tank, or the end of it; leaks are told by two contacts."""
    kind = world.dice.choice(["leak", "tank_empty"])
    sensor = world.dice.choice(["one", "two"])
    on = (PUMPS[0], kind, sensor) not in world.watch.locks
    world.node.locks = {kind} if on else set()
    if on:
        world.node.off(world.now, "interlock")
    world.lock_word(kind, on=on, sensor=sensor)


def dry_again(world: World) -> None:
    """All contacts are dry."""
    world.node.locks = set()
    for _, kind, sensor in list(world.watch.locks):
        world.lock_word(kind, on=False, sensor=sensor)


def set_up(world: World) -> None:
    """The pump is set up differently, perhaps in the midst of a watering."""
    dice, pump = world.dice, world.dice.choice(PUMPS)
    facts, daily_ml = world.facts[pump], world.dice.choice([100.0, 300.0, 500.0])
    changes: list[dict[str, Any]] = [
        {},
        {"ml_per_s": dice.choice([None, 4.0, 8.0, 25.0])},
        {"ai_allowed": dice.random() < 0.7},
        {"plants": (plant := dice.choice(PLANTS),), "sensed": frozenset({plant})},
        {"plants": PLANTS, "sensed": frozenset(PLANTS)},
        {"sensed": dice.choice([frozenset(), frozenset(facts.plants)])},
    ]
    change = dice.choice(changes)
    world.facts[pump] = replace(facts, **change)
    if not change:  # a budget is the plant's, whichever pumps it has
        world.budgets[dice.choice(PLANTS)] = daily_ml
    world.watch.waits.clear()
    world.watch.misses.clear()
    for changed in world.budgeted(pump):
        world.hand(changed, world.core.events.Configured(facts=world.facts[changed]))


def press(world: World) -> None:
    """Somebody goes to the foreign switch and presses it."""
    if world.alive and world.links[SWITCH] and not world.switch.is_on:
        world.watch.presses += 1
        name = f"press{world.watch.presses}"
        facts = world.facts[SWITCH]
        world.watch.wet[name] = (facts.plants, facts.ml_per_s or 30.0)
        world.switch.turn(on=True, now=world.now, name=name)
    else:
        world.switch.turn(on=False, now=world.now)


def disk(world: World) -> None:
    world.disk_broken = not world.disk_broken


def disk_well(world: World) -> None:
    world.disk_broken = False


def damage(world: World) -> None:
    """The ledger is lost, and the next start finds that out."""
    world.disk.clear()
    world.asked.clear()  # who asked before cannot be known any more
    world.life += 1
    world.ledger_expected = True
    world.start([])
    world.watch.damaged_at = world.now
    world.watch.set_mark()


def soil(world: World) -> None:
    """A sensor sticks or falls silent, a hose falls out of the pot; or all is well again."""
    one, dice = world.soils[world.dice.choice(PLANTS)], world.dice
    one.stuck = dice.choice([None, None, 30.0, 1.0, 99.5, float("nan")])
    one.silent = dice.random() < 0.1
    one.answers = dice.random() < 0.6


def soil_well(world: World) -> None:
    for one in world.soils.values():
        one.stuck, one.silent, one.answers = None, False, True


def clear(world: World) -> None:
    world.hand(world.dice.choice(PUMPS), world.core.events.Cleared())


def wait_little(world: World) -> None:
    world.pass_time(world.dice.choice([0.01, 0.05, 0.2, 1.0, 3.0, 8.0]))


def wait(world: World) -> None:
    world.pass_time(world.dice.choice([12.0, 35.0, 65.0, 130.0, 700.0]))


def wait_long(world: World) -> None:
    world.pass_time(world.dice.choice([1900.0, 1900.0, 3700.0, 7300.0, 20_000.0]))


def wait_for_days(world: World) -> None:
    world.pass_time(world.dice.choice([DAY, 1.1 * DAY]))


def ask_well(world: World, pump: str | None = None) -> None:
    """What a plan would ask for, or a person who knows the plant."""
    dice, model = world.dice, world.core.model
    pump = pump or dice.choice(PUMPS)
    world.count += 1
    demand = model.Demand(
        demand_id=f"w{world.count}",
        pump_id=pump,
        plant_ids=world.facts[pump].plants,
        source=dice.choice([model.Source.AUTOMATIC, model.Source.AUTOMATIC, model.Source.MANUAL]),
        asked_at=world.now + world.ahead,
        ml=dice.choice([20.0, 60.0, 100.0, 120.0, 240.0]),
    )
    world.asked.append(demand)
    world.hand(pump, world.core.events.Asked(demand=demand))


def hose_out(world: World) -> None:
    """No water arrives any more."""
    for one in world.soils.values():
        one.stuck, one.silent, one.answers = None, False, False


def silence(world: World) -> None:
    """No sensor is heard any more for hours, and then somebody wants to water by it."""
    for one in world.soils.values():
        one.silent = True
    world.pass_time(world.dice.choice([1900.0, 3700.0, 12_000.0]))
    for _ in range(4):
        ask_well(world)
    soil_well(world)


def out_of_range(world: World) -> None:
    """A sensor that shows what no soil has."""
    for one in world.soils.values():
        one.stuck = world.dice.choice([0.5, 99.5, float("nan")])
    world.pass_time(1300.0)
    for _ in range(4):
        ask_well(world)
    soil_well(world)


def crowd_and_stop(world: World) -> None:
    """Many want the same pump, and somebody stops it."""
    pump = world.dice.choice(PUMPS)
    for _ in range(6):
        ask_well(world, pump)
    world.pass_time(world.dice.choice([0.01, 1.0, 5.0]))
    world.hand(pump, world.core.events.Stopped(by="somebody"))


def two_contacts(world: World) -> None:
    """Both are wet, one dries, and somebody wants water."""
    for sensor in ("one", "two"):
        world.lock_word("leak", on=True, sensor=sensor)
    world.lock_word("leak", on=False, sensor="one")
    for pump in PUMPS:
        ask_well(world, pump)
    world.pass_time(1.0)


def set_clock_while_off(world: World) -> None:
    """Budgets are used up, then the machine is off, and its clock is a day ahead afterwards."""
    for pump in PUMPS:
        ask_well(world, pump)
        world.pass_time(40.0)
    world.append(world.ledger.anchor(world.moment()))
    world.alive = False
    world.life += 1
    world.switch.turn(on=False, now=world.now)
    world.node.off(world.now, "link")
    world.pass_time(30.0)
    world.boot += 1
    world.born = world.now - 30.0
    world.ahead += 2 * DAY
    world.start(list(world.disk))
    world.watch.set_mark()
    world.pass_time(1300.0)


def stuck(world: World) -> None:
    """A sensor shows one and the same for days."""
    for one in world.soils.values():
        one.stuck = 25.0
    world.pass_time(1.1 * DAY)


type Acts = dict[Callable[[World], None], int]

MIXED: Acts = {
    ask: 60,
    ask_again: 5,
    stop: 4,
    old_words: 5,
    restart: 2,
    jump: 2,
    link: 3,
    link_up: 6,
    node_reset: 1,
    contact: 2,
    dry_again: 6,
    set_up: 2,
    press: 3,
    disk: 1,
    disk_well: 2,
    soil: 2,
    soil_well: 3,
    clear: 5,
    wait_little: 60,
    wait: 40,
    wait_long: 10,
    wait_for_days: 2,
}
THIRSTY: Acts = {
    ask_well: 20,
    hose_out: 1,
    soil_well: 1,
    stuck: 1,
    silence: 1,
    out_of_range: 1,
    clear: 1,
    restart: 4,
    wait: 10,
    wait_long: 20,
}
HURRIED: Acts = {
    ask_well: 20,
    ask: 20,
    stop: 8,
    crowd_and_stop: 3,
    two_contacts: 2,
    old_words: 4,
    contact: 3,
    dry_again: 8,
    set_up: 3,
    link: 3,
    link_up: 6,
    disk: 2,
    disk_well: 4,
    press: 2,
    soil_well: 2,
    clear: 2,
    wait_little: 60,
    wait: 10,
    wait_long: 3,
    wait_for_days: 2,
}
GREEDY: Acts = {
    ask_well: 30,
    ask: 20,
    restart: 3,
    damage: 1,
    set_clock_while_off: 3,
    jump: 8,
    set_up: 3,
    ask_again: 10,
    clear: 4,
    soil_well: 4,
    wait: 20,
    wait_long: 10,
    wait_for_days: 4,
}
MOODS = (MIXED, MIXED, THIRSTY, HURRIED, GREEDY)
