"""How plants are, what was done for them, and what they may be."""

from typing import Any

import pytest
import voluptuous as vol
from homeassistant.exceptions import ServiceValidationError

from custom_components.plant_vita.const import DOMAIN
from tests.actions.asking import ask, device
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_all_plants_or_the_chosen_ones(growing: Growing) -> None:
    basil = await growing.grow({"title": "Basil"}, {"title": "Fern"})
    everybody = await ask(growing, "get_plants")
    assert [plant["name"] for plant in everybody["plants"]] == ["Basil", "Fern"]
    one = await ask(growing, "get_plants", device_id=device(growing, basil))
    assert [plant["plant_id"] for plant in one["plants"]] == [basil]


async def test_without_a_garden_there_are_no_plants(growing: Growing) -> None:
    await growing.grow({})
    await growing.stop()
    assert await ask(growing, "get_plants") == {"plants": []}


async def test_care_is_written_down(growing: Growing) -> None:
    basil = await growing.grow({"title": "Basil"}, {"title": "Fern"})
    fern = list(growing.entry.subentries)[1]
    answer = await ask(
        growing,
        "log_care",
        device_id=[device(growing, basil), device(growing, fern)],
        care="watered",
        at="2026-06-09 08:00:00",
    )
    at = "2026-06-09T08:00:00+00:00"
    assert [plant["last"] for plant in answer["plants"]] == [{"watered": at}] * 2
    assert growing.shown(fern, "last_watered") == at
    await growing.hass.services.async_call(
        DOMAIN, "log_care", {"device_id": device(growing, basil), "care": "fed"}, blocking=True
    )
    assert growing.shown(basil, "last_fed") == "2026-06-10T12:00:00+00:00"
    # An earlier one that was forgotten does not undo the last.
    await ask(
        growing, "log_care", device_id=device(growing, basil), care="fed", at="2026-06-01 08:00"
    )
    assert growing.shown(basil, "last_fed") == "2026-06-10T12:00:00+00:00"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"device_id": "nobody", "care": "fed"}, "not_a_plant"),
        ({"care": "fed", "at": "2026-06-10 13:00:00"}, "in_the_future"),
    ],
)
async def test_what_cannot_be_is_refused(
    growing: Growing, data: dict[str, Any], reason: str
) -> None:
    basil = await growing.grow({})
    with pytest.raises(ServiceValidationError) as refused:
        await ask(growing, "log_care", **{"device_id": device(growing, basil), **data})
    assert refused.value.translation_key == reason
    assert growing.shown(basil, "last_fed") == "unknown"


async def test_unknown_care_is_refused(growing: Growing) -> None:
    basil = await growing.grow({})
    with pytest.raises(vol.Invalid):
        await ask(growing, "log_care", device_id=device(growing, basil), care="hugged")


async def test_species_are_found_in_any_language(growing: Growing) -> None:
    await growing.grow()
    found = await ask(growing, "find_species", query="Fensterblatt", language="de")
    assert found["species"][0] == {
        "id": "monstera_deliciosa",
        "scientific_name": "Monstera deliciosa",
        "name": "Fensterblatt",
        "sure": True,
        "source": None,
    }
    assert await ask(growing, "find_species", query="xqzw") == {"species": []}
