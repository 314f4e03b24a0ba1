"""The options of the garden: kept, shown again, and in force at once."""

from typing import Any

import pytest
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.photos.retention import Retention, async_retention
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()

EMPTY = {
    "water_at": None,
    "quiet_from": None,
    "quiet_to": None,
    "holiday_from": None,
    "holiday_until": None,
    "weather": None,
    "leak_sensors": [],
    "photos_kept": None,
    "photos_days": None,
    "light_from": None,
    "light_to": None,
    "price": None,
    "photos_forget": None,
}


async def begin(hose: Hose) -> ConfigFlowResult:
    form = await hose.hass.config_entries.options.async_init(hose.entry.entry_id)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "garden")
    return form


async def submit(hose: Hose, form: ConfigFlowResult, **typed: Any) -> ConfigFlowResult:
    return await hose.hass.config_entries.options.async_configure(form["flow_id"], typed)


def suggested(form: ConfigFlowResult) -> dict[str, Any]:
    return {
        str(field): (field.description or {}).get("suggested_value")
        for field in form["data_schema"].schema
    }


async def test_all_is_kept_and_shown_again_and_what_pumps_give_stays(hose: Hose) -> None:
    await hose.grow(BASIL)
    registry = er.async_get(hose.hass)
    cellar = registry.async_get_or_create(
        "binary_sensor", "test", "cellar", original_device_class="moisture"
    )
    form = await begin(hose)
    assert suggested(form) == EMPTY
    # Measured by somebody else, while this is open.
    pumps = {"pump": {"ml_per_s": 12.5}}
    hose.hass.config_entries.async_update_entry(hose.entry, options={"pumps": pumps})
    typed = {
        "water_at": "06:30:00",
        "quiet_from": "22:00:00",
        "quiet_to": "07:00:00",
        "holiday_from": "2026-07-01",
        "holiday_until": "2026-07-14",
        "weather": "weather.home",
        "light_from": "10:00:00",
        "light_to": "15:00:00",
        "price": "sensor.price",
        "leak_sensors": [cellar.entity_id],
    }
    assert (await submit(hose, form, **typed))["type"] is FlowResultType.CREATE_ENTRY
    known = {cellar.id: [cellar.entity_id, "test", "cellar"]}
    kept = {**typed, "pumps": pumps, "leak_sensors": [cellar.id], "references": known}
    assert hose.entry.options == kept
    assert suggested(await begin(hose)) == {**EMPTY, **typed}
    assert (await submit(hose, await begin(hose)))["type"] is FlowResultType.CREATE_ENTRY
    assert hose.entry.options == {"pumps": pumps}


async def test_a_holiday_that_is_over_does_not_stand_in_the_way(hose: Hose) -> None:
    await hose.grow(BASIL)
    over = {"holiday_from": "2026-06-01", "holiday_until": "2026-06-09", "quiet_to": "07:00:00"}
    hose.hass.config_entries.async_update_entry(hose.entry, options=over)
    assert suggested(await begin(hose)) == {**EMPTY, "quiet_to": "07:00:00"}


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"quiet_from": "22:00:00"}, {"quiet_to": "quiet_half"}),
        ({"quiet_to": "07:00:00"}, {"quiet_from": "quiet_half"}),
        ({"light_from": "10:00:00"}, {"light_to": "light_half"}),
        ({"light_to": "15:00:00"}, {"light_from": "light_half"}),
        ({"holiday_from": "2026-06-20"}, {"holiday_until": "holiday_endless"}),
        ({"holiday_until": "2026-06-09"}, {"holiday_until": "holiday_past"}),
        (
            {"holiday_from": "2026-06-20", "holiday_until": "2026-06-19"},
            {"holiday_until": "holiday_order"},
        ),
    ],
)
async def test_what_makes_no_sense_is_asked_again(
    hose: Hose, typed: dict[str, str], errors: dict[str, str]
) -> None:
    await hose.grow(BASIL)
    form = await submit(hose, await begin(hose), **typed)
    assert form["errors"] == errors
    assert suggested(form) == {**dict.fromkeys(EMPTY), **typed}
    # Today is not over.
    done = await submit(hose, form, holiday_until="2026-06-10")
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert hose.entry.options == {"holiday_until": "2026-06-10"}


async def test_leak_sensors_hold_at_once_without_a_reload_and_a_new_name_changes_nothing(
    hose: Hose,
) -> None:
    registry = er.async_get(hose.hass)
    cellar, roof = (
        registry.async_get_or_create(
            "binary_sensor",
            "test",
            name,
            suggested_object_id=name,
            original_device_class="moisture",
        )
        for name in ("cellar", "roof")
    )
    plant = await hose.grow(BASIL)
    garden = hose.garden
    hose.hass.states.async_set(roof.entity_id, "on", {"device_class": "moisture"})
    await hose.hass.async_block_till_done()
    assert hose.shown(plant, "watering_state") == "leak"
    await submit(hose, await begin(hose), leak_sensors=[cellar.entity_id])
    await hose.pass_time(seconds=11)
    assert hose.shown(plant, "watering_state") == "idle"
    assert hose.garden is garden
    registry.async_update_entity(cellar.entity_id, new_entity_id="binary_sensor.basement")
    await hose.hass.async_block_till_done()
    hose.hass.states.async_set("binary_sensor.basement", "on", {"device_class": "moisture"})
    await hose.hass.async_block_till_done()
    assert hose.shown(plant, "watering_state") == "leak"


async def test_for_how_long_photos_are_kept_holds_at_once(hose: Hose) -> None:
    await hose.grow(BASIL)
    assert async_retention(hose.hass) == Retention(kept=30, days=90)
    # Of no days at all only the number counts; that is not the same as an empty field.
    done = await submit(hose, await begin(hose), photos_kept=5.0, photos_days=0.0)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert hose.entry.options == {"photos_kept": 5, "photos_days": 0}
    assert async_retention(hose.hass) == Retention(kept=5, days=0)
    form = await begin(hose)
    assert suggested(form) == {**EMPTY, "photos_kept": 5, "photos_days": 0}
    await submit(hose, form)
    assert async_retention(hose.hass) == Retention(kept=30, days=90)
    await submit(hose, await begin(hose), photos_forget=True)
    assert async_retention(hose.hass) == Retention(forget=True)
    form = await begin(hose)
    assert suggested(form)["photos_forget"] is True
    await submit(hose, form, photos_forget=False)
    assert hose.entry.options == {}


@pytest.mark.parametrize("typed", [{"photos_kept": 0}, {"photos_kept": 1001}, {"photos_days": -1}])
async def test_the_album_is_bounded(hose: Hose, typed: dict[str, int]) -> None:
    await hose.grow(BASIL)
    with pytest.raises(InvalidData):
        await submit(hose, await begin(hose), **typed)
    assert hose.entry.options == {}
