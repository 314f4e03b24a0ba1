"""Leaks stop all pumps, an empty tank its own; silence changes nothing."""

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.care.events import Interlock
from custom_components.plant_vita.watering.contacts import Contacts

type Told = list[tuple[str, str, bool, frozenset[str] | None]]
WET = {"device_class": "moisture"}


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def contacts(hass: HomeAssistant, told: Told) -> Contacts:
    def tell(event: Interlock, pumps: frozenset[str] | None) -> None:
        told.append((str(event.kind), event.sensor, event.on, pumps))

    return Contacts(hass, tell)


async def says(hass: HomeAssistant, sensor: str, state: str | None, **more: str) -> None:
    if state is None:
        hass.states.async_remove(sensor)
    else:
        hass.states.async_set(sensor, state, more)
    await hass.async_block_till_done()


async def test_what_is_wet_already_is_told_at_once(
    hass: HomeAssistant, contacts: Contacts, told: Told
) -> None:
    await says(hass, "binary_sensor.a", "on", **WET)
    await says(hass, "binary_sensor.door", "on", device_class="door")
    contacts.async_start()
    assert told == [("leak", "binary_sensor.a", True, None)]
    assert [one.sensor for one in contacts.known("any")] == ["binary_sensor.a"]


async def test_only_dry_is_dry(hass: HomeAssistant, contacts: Contacts, told: Told) -> None:
    contacts.async_start()
    for state in ("on", "unavailable", "unknown", "on", "off", "off"):
        await says(hass, "binary_sensor.a", state, **WET)
    assert told == [
        ("leak", "binary_sensor.a", True, None),
        ("leak", "binary_sensor.a", False, None),
    ]
    await says(hass, "binary_sensor.a", "on", **WET)
    await says(hass, "binary_sensor.a", None)
    assert told[-1] == ("leak", "binary_sensor.a", False, None)


async def test_what_was_not_chosen_is_no_leak(
    hass: HomeAssistant, contacts: Contacts, told: Told
) -> None:
    contacts.async_start()
    await says(hass, "binary_sensor.rain", "on", **WET)
    contacts.async_choose(frozenset({"binary_sensor.cellar"}), {})
    assert told[-1] == ("leak", "binary_sensor.rain", False, None)
    # Chosen is chosen, whatever its kind.
    await says(hass, "binary_sensor.cellar", "on")
    assert told[-1] == ("leak", "binary_sensor.cellar", True, None)


async def test_a_tank_is_its_own_pumps_affair(
    hass: HomeAssistant, contacts: Contacts, told: Told
) -> None:
    contacts.async_start()
    await says(hass, "binary_sensor.tank", "on")
    contacts.async_choose(None, {"binary_sensor.tank": frozenset({"p"})})
    assert told == [("tank_empty", "binary_sensor.tank", True, frozenset({"p"}))]
    assert [one.kind for one in contacts.known("p")] == ["tank_empty"]
    assert not list(contacts.known("q"))
    contacts.async_choose(None, {"binary_sensor.tank": frozenset({"q"})})
    assert told[1:] == [
        ("tank_empty", "binary_sensor.tank", False, frozenset({"p"})),
        ("tank_empty", "binary_sensor.tank", True, frozenset({"q"})),
    ]
    contacts.async_choose(None, {})
    assert told[3] == ("tank_empty", "binary_sensor.tank", False, frozenset({"q"}))


async def test_a_probe_of_a_node_of_ours_always_sees_leaks(
    hass: HomeAssistant, contacts: Contacts, told: Told
) -> None:
    ours = er.async_get(hass).async_get_or_create(
        "binary_sensor", "plant_vita", "a4cf12000001_3_leak"
    )
    contacts.async_start()
    contacts.async_choose(frozenset({"binary_sensor.bath"}), {})
    await says(hass, ours.entity_id, "on", **WET)
    assert told == [("leak", ours.entity_id, True, None)]
    # Chosen again while it is wet: it stays so.
    contacts.async_choose(frozenset({"binary_sensor.hall"}), {})
    assert [one.sensor for one in contacts.known("any")] == [ours.entity_id]
