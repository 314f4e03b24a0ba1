"""Every request for water that is over is told: who asked, how much it was, and why not more."""

from collections.abc import Mapping
from typing import Any

import pytest
from homeassistant.core import Context, Event, callback
from homeassistant.exceptions import ServiceValidationError

from custom_components.plant_vita.model.watering import Source
from custom_components.plant_vita.plants.entry import device_of
from custom_components.plant_vita.watering.happened import EVENT_WATERING
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


def listen(hose: Hose) -> list[tuple[Mapping[str, Any], str | None]]:
    """What is told, and in whose name."""
    heard: list[tuple[Mapping[str, Any], str | None]] = []

    @callback
    def told(event: Event[Any]) -> None:
        heard.append((event.data, event.context.user_id))

    hose.hass.bus.async_listen(EVENT_WATERING, told)
    return heard


async def water(hose: Hose, plant: str, context: Context, **data: Any) -> None:
    """Ask for water by the action."""
    device = device_of(hose.hass, hose.entry, plant)
    assert device is not None
    await hose.hass.services.async_call(
        "plant_vita", "water", {"device_id": device.id, **data}, blocking=True, context=context
    )


async def test_a_dose_is_told_in_the_name_of_who_asked(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    device, heard, person = device_of(hose.hass, hose.entry, plant), listen(hose), hose.person()
    assert device is not None
    await water(hose, plant, person, ml=50)
    assert heard == []
    await hose.pass_time(seconds=10)
    told = {
        "device_id": device.id,
        "plant": "Basil",
        "source": "manual",
        "ml": 50.0,
        "why": None,
        "placeholders": {"seconds": "0", "time": "?"},
    }
    assert heard == [(told, person.user_id)]


async def test_a_refusal_and_a_stop_are_told_with_their_reason(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    heard = listen(hose)
    with pytest.raises(ServiceValidationError):
        await water(hose, plant, hose.person(), ml=4000)
    await water(hose, plant, hose.person(), ml=100)
    await hose.turn(plant, "off")
    await hose.settle()
    assert [(one["ml"], one["why"]) for one, _ in heard] == [
        (0.0, "watering_too_much"),
        (heard[1][0]["ml"], "watering_stopped"),
    ]
    assert 0 <= heard[1][0]["ml"] < 100


async def test_water_of_two_plants_is_told_of_each_with_its_share(hose: Hose) -> None:
    plant = await hose.grow(BASIL, {**BASIL, "title": "Mint"})
    heard = listen(hose)
    await water(hose, plant, hose.person(), ml=60)
    await hose.pass_time(seconds=10)
    assert sorted((one["plant"], one["ml"], one["source"]) for one, _ in heard) == [
        ("Basil", 30.0, "manual"),
        ("Mint", 30.0, "manual"),
    ]


async def test_what_asks_by_itself_again_and_again_is_not_told_of_each_refusal(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    heard, pump_id = listen(hose), hose.outlet(plant).pump_id
    for source in (Source.AUTOMATIC, Source.AI):
        await hose.works.async_ask(pump_id, source, ml=100)
    assert [one["source"] for one, _ in heard] == ["ai"]
