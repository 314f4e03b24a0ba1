"""What happens to a plant, told once."""

from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers.event import async_track_state_change_event

from custom_components.plant_vita.plants.state import Care
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


def listen(growing: Growing, plant_id: str) -> list[str]:
    heard: list[str] = []

    @callback
    def told(event: Event[EventStateChangedData]) -> None:
        if (new := event.data["new_state"]) and new.state not in ("unknown", "unavailable"):
            heard.append(new.attributes["event_type"])

    entity_id = growing.entity_id(plant_id, "event", "care")
    assert entity_id is not None
    async_track_state_change_event(growing.hass, entity_id, told)
    return heard


async def test_care_is_told_with_its_time(growing: Growing) -> None:
    plant_id = await growing.grow({})
    heard = listen(growing, plant_id)
    plant = growing.plant(plant_id)
    await plant.async_cared(Care.WATERED, plant.data.at - 600)
    await growing.pass_time(seconds=1)
    await plant.async_cared(Care.FED, plant.data.at)
    await growing.hass.async_block_till_done()
    assert heard == ["watered", "fed"]
    shown = growing.state(plant_id, "event", "care")
    assert shown.attributes["at"] == "2026-06-10T12:00:00+00:00"


async def test_dry_and_trouble_are_told_once(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    growing.say("sensor.t", 20, "°C")
    plant_id = await growing.grow({"moisture": ["sensor.soil"], "temperature": ["sensor.t"]})
    heard = listen(growing, plant_id)
    for minute in range(12):
        growing.say("sensor.soil", 8 + minute / 100)
        growing.say("sensor.t", 20 + minute / 100, "°C")
        await growing.pass_time(minutes=5)
    assert heard == ["dry"]
    for minute in range(12):
        growing.say("sensor.soil", 8 + minute / 100)
        growing.say("sensor.t", 50 + minute / 100, "°C")
        await growing.pass_time(minutes=5)
    assert heard == ["dry", "problem"]
    assert growing.state(plant_id, "event", "care").attributes["reasons"] == [
        "temperature_too_high"
    ]


async def test_what_was_wrong_before_a_restart_is_no_news(growing: Growing) -> None:
    growing.say("sensor.soil", 2)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    await growing.stop()
    await growing.start()
    heard = listen(growing, plant_id)
    growing.say("sensor.soil", 2.1)
    await growing.settle()
    assert heard == []


async def test_what_a_silent_sensor_said_before_is_no_news(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    growing.say("sensor.t", 20, "°C")
    plant_id = await growing.grow({"moisture": ["sensor.soil"], "temperature": ["sensor.t"]})
    heard = listen(growing, plant_id)

    async def speak(celsius: float) -> None:
        for minute in range(12):
            growing.say("sensor.soil", 8 + minute / 100)
            growing.say("sensor.t", celsius + minute / 100, "°C")
            await growing.pass_time(minutes=5)

    await speak(20)
    await speak(50)
    assert heard == ["dry", "problem"]
    for _ in range(60):
        await growing.pass_time(minutes=5)
    assert growing.reasons(plant_id) == ["moisture_stale", "temperature_stale"]
    silent = heard.count("problem")
    await speak(50)
    assert growing.reasons(plant_id) == ["temperature_too_high", "moisture_too_low"]
    assert (heard.count("dry"), heard.count("problem")) == (1, silent)
