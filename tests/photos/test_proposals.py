"""What a species that was named would set."""

from homeassistant.core import HomeAssistant

from custom_components.plant_vita.photos.proposals import async_proposals


async def test_what_the_catalogue_has_is_proposed(hass: HomeAssistant) -> None:
    names = ["Monstera deliciosa", "Nobody knowsit", "Tillandsia ionantha"]
    found = await async_proposals(hass, names, "de-CH")
    assert list(found) == ["Monstera deliciosa", "Tillandsia ionantha"]
    assert found["Monstera deliciosa"] == {
        "species": "monstera_deliciosa",
        "common_name": "Fensterblatt",
        "moisture": [25.0, 55.0],
        "dli": [4, 11],
    }
    # It lives without soil.
    assert found["Tillandsia ionantha"]["moisture"] is None  # type: ignore[index,call-overload]
