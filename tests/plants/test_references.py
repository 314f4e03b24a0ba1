"""Whatever a plant is bound to is found again, also where its entity was registered anew."""

import uuid
from typing import Any

from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.plants.references import CONF_REFERENCES, called, mended
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()

GONE, TAP = uuid.UUID(int=1).hex, ("switch", "relays", "tap-7")


def of(garden: Growing, plant: str) -> dict[str, Any]:
    return dict(garden.entry.subentries[plant].data)


async def test_what_an_entity_is_known_by_stands_beside_its_id(growing: Growing) -> None:
    registry = er.async_get(growing.hass)
    tap = registry.async_get_or_create(*TAP)
    plant = await growing.grow({"pump": tap.id, "tank": "binary_sensor.yaml"})
    assert of(growing, plant)[CONF_REFERENCES] == {tap.id: ["switch.relays_tap_7", *TAP[1:]]}
    # Bound to another, it keeps nothing of the one before.
    well = registry.async_get_or_create("valve", "relays", "well")
    growing.hass.config_entries.async_update_subentry(
        growing.entry, growing.entry.subentries[plant], data={**of(growing, plant), "pump": well.id}
    )
    await growing.hass.async_block_till_done()
    assert of(growing, plant)[CONF_REFERENCES] == {well.id: ["valve.relays_well", "relays", "well"]}


async def test_an_entity_that_was_registered_anew_is_the_same_one(growing: Growing) -> None:
    tap = er.async_get(growing.hass).async_get_or_create(*TAP)
    was = {CONF_REFERENCES: {GONE: ["switch.old_name", *TAP[1:]]}}
    plant = await growing.grow(
        {**was, "pump": GONE, "moisture": [GONE, "sensor.a"], "scales": {GONE: [1.0, 2.0]}}
    )
    data = of(growing, plant)
    assert (data["pump"], data["moisture"], data["scales"]) == (
        tap.id,
        [tap.id, "sensor.a"],
        {tap.id: [1.0, 2.0]},
    )
    assert data[CONF_REFERENCES] == {tap.id: ["switch.relays_tap_7", *TAP[1:]]}
    assert growing.plant(plant).definition.pump == tap.id


async def test_one_that_appears_later_is_found_then_and_a_stranger_is_not_taken(
    growing: Growing,
) -> None:
    was = {CONF_REFERENCES: {GONE: ["switch.old_name", *TAP[1:]]}}
    entry = growing.make({**was, "pump": GONE})
    growing.hass.config_entries.async_update_entry(
        entry, options={**was, "pumps": {GONE: {"ml_per_s": 12.0}}}
    )
    await growing.start()
    plant = next(iter(entry.subentries))
    registry = er.async_get(growing.hass)
    for other in (("switch", "relays", "tap-8"), ("switch", "other", "tap-7")):
        registry.async_get_or_create(*other)
    await growing.hass.async_block_till_done()
    assert of(growing, plant) == {**was, "pump": GONE}
    assert called(of(growing, plant), GONE) == "switch.old_name"
    assert called({}, GONE) == GONE
    tap = registry.async_get_or_create(*TAP)
    await growing.hass.async_block_till_done()
    assert growing.plant(plant).definition.pump == tap.id
    # What was measured of the pump goes with it.
    assert entry.options["pumps"] == {tap.id: {"ml_per_s": 12.0}}


async def test_what_no_version_has_written_is_no_reference(growing: Growing) -> None:
    registry = er.async_get(growing.hass)
    for odd in ({GONE: ["switch.a"]}, {GONE: []}):
        assert mended(registry, {CONF_REFERENCES: odd, "pump": GONE, "n": 3}) == {
            "pump": GONE,
            "n": 3,
        }
