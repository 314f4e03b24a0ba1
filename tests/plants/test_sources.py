"""What bound entities say, and for how long they are believed."""

from datetime import UTC, datetime

import pytest
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.analysis.lamps import Source as Lamp
from custom_components.plant_vita.model.plant import Flaw
from custom_components.plant_vita.plants.definition import Input, PlantDefinition, Scale
from custom_components.plant_vita.plants.sources import Source, Sources

START = 1_800_000_000.0
HOUR = 3600.0


def said(value: object, at: float, unit: str | None = "%", entity_id: str = "sensor.a") -> State:
    moment = datetime.fromtimestamp(at, UTC)
    attributes = {"unit_of_measurement": unit} if unit else {}
    return State(entity_id, str(value), attributes, moment, moment, moment)


def bound(hass: HomeAssistant, *refs: str, one: Input = Input.MOISTURE) -> Sources:
    sources = Sources()
    definition = PlantDefinition(plant_id="p", name="P", inputs={one: refs})
    sources.async_bind(hass, definition, START)
    return sources


@pytest.mark.parametrize(
    "state",
    [
        said("unavailable", START),
        said("unknown", START),
        said("wet", START),
        said("nan", START),
        said(140, START),
        said(20, START, unit="hPa"),
    ],
)
def test_what_says_nothing_is_no_report(state: State) -> None:
    source = Source("sensor.a", Input.HUMIDITY, START)
    assert not source.take(state)
    assert source.value is None
    assert not source.fresh(START)


def test_a_report_is_believed_for_an_hour_at_least_and_the_first_ones_for_three() -> None:
    source = Source("sensor.a", Input.MOISTURE, START)
    for step, hours in enumerate((3, 3, 1)):
        at = START + 300 * step
        assert source.take(said(40, at))
        assert source.fresh(at + hours * HOUR - 1)
        assert not source.fresh(at + hours * HOUR)


def test_a_report_is_believed_for_three_of_its_usual_times() -> None:
    source = Source("sensor.a", Input.MOISTURE, START)
    for step in range(5):
        source.take(said(40, START + step * 2 * HOUR))
    last = START + 8 * HOUR
    assert source.fresh(last + 6 * HOUR - 1)
    assert not source.fresh(last + 6 * HOUR)


def test_one_long_silence_does_not_make_it_patient() -> None:
    source = Source("sensor.a", Input.MOISTURE, START)
    moments = [START + step * 600 for step in range(9)]
    for at in [*moments, moments[-1] + 40 * HOUR]:
        source.take(said(40, at))
    assert source.patience_s == HOUR


def test_the_same_report_again_is_no_news() -> None:
    source = Source("sensor.a", Input.MOISTURE, START)
    assert source.take(said(40, START))
    assert not source.take(said(40, START))


def test_another_unit_at_run_time() -> None:
    source = Source("sensor.a", Input.TEMPERATURE, START)
    source.take(said(20, START, unit="°C"))
    source.take(said(68, START + 60, unit="°F"))
    assert source.value == pytest.approx(20.0)


def test_raw_numbers_need_two_points() -> None:
    source = Source("sensor.a", Input.MOISTURE, START)
    assert not source.take(said(2000, START, unit=None))
    source.scale = Scale(dry=2800, wet=1200)
    assert source.take(said(2000, START, unit=None))
    assert source.value == 50.0


def test_silence_goes_on_where_it_was_before_a_restart() -> None:
    before = Source("sensor.a", Input.MOISTURE, START)
    before.take(said(40, START))
    stored = before.as_stored(START + 40 * 60)
    after = Source("sensor.a", Input.MOISTURE, START + 5 * HOUR)
    after.restore(stored, START + 5 * HOUR)
    assert after.value == 40.0
    assert after.fresh(START + 7 * HOUR + 19 * 60)
    assert not after.fresh(START + 7 * HOUR + 20 * 60)


def test_the_gap_of_a_restart_is_no_usual_time() -> None:
    before = Source("sensor.a", Input.MOISTURE, START)
    for step in range(3):
        before.take(said(40, START + step * 600))
    after = Source("sensor.a", Input.MOISTURE, START + 9 * HOUR)
    after.restore(before.as_stored(START + 1200), START + 9 * HOUR)
    after.take(said(41, START + 9 * HOUR))
    after.take(said(41, START + 9 * HOUR + 600))
    assert after.as_stored(START)["distances"] == [600.0, 600.0, 600.0]


async def test_several_are_averaged_and_stale_ones_left_out(hass: HomeAssistant) -> None:
    sources = bound(hass, "sensor.a", "sensor.b")
    first, second = sources.of(Input.MOISTURE)
    first.take(said(30, START))
    second.take(said(50, START + 2.9 * HOUR))
    both = sources.state(Input.MOISTURE, START + 2.95 * HOUR)
    assert (both.value, both.stale, both.fresh, both.sources) == (40.0, False, 2, 2)
    one = sources.state(Input.MOISTURE, START + 3.5 * HOUR)
    assert (one.value, one.stale, one.fresh, one.sources) == (50.0, False, 1, 2)
    assert one.measured_at == START + 2.9 * HOUR
    none = sources.state(Input.MOISTURE, START + 6 * HOUR)
    assert (none.value, none.stale, none.fresh) == (40.0, True, 0)


async def test_what_was_never_heard_turns_stale_in_time(hass: HomeAssistant) -> None:
    sources = bound(hass, "sensor.a")
    state = sources.state(Input.MOISTURE, START)
    assert (state.value, state.measured_at, state.stale, state.fresh) == (None, None, False, 0)
    assert sources.next_turn(START) == START + 3 * HOUR
    assert sources.state(Input.MOISTURE, START + 3 * HOUR).stale
    assert sources.next_turn(START + 3 * HOUR) is None


async def test_when_the_next_one_turns_stale(hass: HomeAssistant) -> None:
    sources = bound(hass, "sensor.a", "sensor.b")
    first, second = sources.of(Input.MOISTURE)
    first.take(said(30, START))
    second.take(said(30, START + 60))
    assert sources.next_turn(START + 61) == START + 3 * HOUR
    assert sources.next_turn(START + 3 * HOUR) == START + 60 + 3 * HOUR


async def test_an_entity_is_known_by_its_registry_id(hass: HomeAssistant) -> None:
    registry = er.async_get(hass)
    entry = registry.async_get_or_create("sensor", "test", "x", suggested_object_id="old")
    sources = bound(hass, entry.id)
    assert sources.entity_ids == {"sensor.old"}
    registry.async_update_entity("sensor.old", new_entity_id="sensor.new")
    (source,) = sources
    source.async_resolve(hass)
    assert sources.entity_ids == {"sensor.new"}
    assert sources.named("sensor.new") == [source]


async def test_an_entity_that_was_removed_is_stale_at_once(hass: HomeAssistant) -> None:
    registry = er.async_get(hass)
    entry = registry.async_get_or_create("sensor", "test", "x", suggested_object_id="old")
    sources = bound(hass, entry.id)
    (source,) = sources
    source.take(said(30, START))
    registry.async_remove("sensor.old")
    source.async_resolve(hass)
    state = sources.state(Input.MOISTURE, START + 1)
    assert (state.value, state.stale, state.gone) == (30.0, True, ("sensor.old",))


async def test_binding_again_keeps_who_stays(hass: HomeAssistant) -> None:
    sources = bound(hass, "sensor.a", "sensor.b")
    kept, _ = sources.of(Input.MOISTURE)
    kept.take(said(30, START))
    sources.async_bind(
        hass,
        PlantDefinition(plant_id="p", name="P", inputs={Input.MOISTURE: ("sensor.a", "sensor.c")}),
        START + 60,
    )
    assert sources.of(Input.MOISTURE)[0] is kept
    assert sources.entity_ids == {"sensor.a", "sensor.c"}


async def test_stored_and_restored(hass: HomeAssistant) -> None:
    sources = bound(hass, "sensor.a", "sensor.b")
    sources.of(Input.MOISTURE)[0].take(said(30, START))
    again = bound(hass, "sensor.a")
    again.restore(sources.as_stored(START + 60), START + 600)
    assert again.state(Input.MOISTURE, START + 600).value == 30.0
    assert set(again.states(START)) == {Input.MOISTURE}


def test_one_word_that_cannot_be_true_is_none_and_four_minutes_of_them_are_a_fault() -> None:
    source = Source("sensor.a", Input.MOISTURE, START)
    source.take(said(40, START))
    assert not source.take(said(140, START + 60))
    assert source.next_turn(START + 60) == START + 300
    assert source.flaw(START + 299) is None
    assert source.fresh(START + 299)
    source.take(said(150, START + 200))
    assert source.flaw(START + 300) is Flaw.OUT_OF_RANGE
    assert not source.fresh(START + 300)
    assert source.take(said(41, START + 400))
    assert source.flaw(START + 400) is None


@pytest.mark.parametrize(
    ("fault", "flaw"),
    [("open", Flaw.OPEN), ("short", Flaw.SHORT), ("range", Flaw.OUT_OF_RANGE), ("warm", None)],
)
def test_a_node_says_what_is_wrong_with_a_probe(fault: str, flaw: Flaw | None) -> None:
    moment = datetime.fromtimestamp(START, UTC)
    source = Source("sensor.a", Input.MOISTURE, START)
    source.take(State("sensor.a", "unknown", {"fault": fault}, moment, moment, moment))
    assert source.flaw(START + 240) is flaw


def test_of_two_sensors_the_one_at_fault_does_not_count(hass: HomeAssistant) -> None:
    sources = bound(hass, "sensor.a", "sensor.b")
    one, other = sources
    one.take(said(40, START))
    other.take(said(60, START, entity_id="sensor.b"))
    other.take(said(160, START + 10, entity_id="sensor.b"))
    state = sources.state(Input.MOISTURE, START + 250)
    assert (state.value, state.flaw, state.believed) == (40, None, True)
    one.take(said(-5, START + 20))
    state = sources.state(Input.MOISTURE, START + 260)
    assert (state.flaw, state.faulty, state.believed) == (Flaw.OUT_OF_RANGE, True, False)


@pytest.mark.parametrize(("value", "hours"), [(0, 18), (400, 3)])
def test_a_light_sensor_may_be_silent_for_a_night(value: float, hours: float) -> None:
    source = Source("sensor.a", Input.LIGHT, START)
    source.take(said(value, START, unit="lx"))
    assert source.fresh(START + hours * HOUR - 1)
    assert not source.fresh(START + hours * HOUR)


def test_each_probe_has_its_own_scale(hass: HomeAssistant) -> None:
    sources = Sources()
    definition = PlantDefinition(
        plant_id="p",
        name="P",
        inputs={Input.MOISTURE: ("sensor.a", "sensor.b")},
        scale=Scale(dry=2800, wet=1200),
        scales={"sensor.b": Scale(dry=0, wet=4)},
    )
    sources.async_bind(hass, definition, START)
    one, other = sources
    one.take(said(2000, START, unit="mV"))
    other.take(said(1, START, unit="V", entity_id="sensor.b"))
    assert (one.value, other.value) == (50, 25)


def test_lux_of_a_lamp(hass: HomeAssistant) -> None:
    sources = Sources()
    definition = PlantDefinition(
        plant_id="p", name="P", inputs={Input.LIGHT: ("sensor.a",)}, lamp=Lamp.LED_WHITE
    )
    sources.async_bind(hass, definition, START)
    (source,) = sources
    source.take(said(10_000, START, unit="lx"))
    assert source.value == pytest.approx(150)


def test_a_clock_that_was_ahead_and_is_set_back_silences_nobody(hass: HomeAssistant) -> None:
    sources = bound(hass, "sensor.a")
    (source,) = sources
    assert source.take(said(40, START + 12 * HOUR))
    assert source.take(said(39, START))
    assert (source.value, source.measured_at) == (39, START)


def test_a_clock_that_was_ahead_makes_nobody_young(hass: HomeAssistant) -> None:
    sources = bound(hass, "sensor.a")
    (source,) = sources
    source.take(said(40, START + 12 * HOUR))
    assert not source.overdue(START)
    assert source.overdue(START + 4 * HOUR)


def test_the_first_word_after_a_start_may_be_the_old_one_and_then_says_nothing() -> None:
    before = Source("sensor.a", Input.MOISTURE, START)
    before.take(said(40, START))
    before.take(said(40, START + 1200))
    started = START + 9 * HOUR
    stored = before.as_stored(START + 1800)
    after = Source("sensor.a", Input.MOISTURE, started)
    after.restore(stored, started)
    assert not after.take(said(40, started))
    assert after.measured_at == START + 1200
    # It had been silent for ten minutes, and that it was said again at the start ends nothing.
    assert after.fresh(started + 3 * HOUR - 601)
    assert not after.fresh(started + 3 * HOUR - 600)
    # Who says it a second time is alive, and means it.
    assert after.take(said(40, started + 1200))
    assert after.measured_at == started + 1200
    assert not after.take(said(40, started + 1200))
    other = Source("sensor.a", Input.MOISTURE, started)
    other.restore(stored, started)
    assert other.take(said(39, started))
