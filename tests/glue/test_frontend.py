"""The cards as they are served."""

from http import HTTPStatus

import pytest
from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.glue import frontend


async def test_every_dashboard_loads_them_by_an_address_of_their_own(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await async_setup_component(hass, "frontend", {})
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: {}})
    await hass.async_block_till_done()
    (url,) = [one for one in hass.data[DATA_EXTRA_MODULE_URL].urls if DOMAIN in one]
    path, _, version = url.partition("?v=")
    assert path == "/plant_vita_frontend/plant-vita.js"
    client = await hass_client_no_auth()
    later = [
        f"/plant_vita_frontend/plant-vita-{name}.js?v={version}" for name in ("main", "photos")
    ]
    for name in (url, *later):
        answer = await client.get(name)
        assert answer.status == HTTPStatus.OK
        assert "max-age" in answer.headers["Cache-Control"]
    assert version == frontend._version()
    monkeypatch.setattr(frontend, "FOLDER", frontend.FOLDER.parent)
    assert version != frontend._version()


async def test_without_a_frontend_nobody_is_served(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: {}})
    await hass.async_block_till_done()
    assert "frontend" not in hass.config.components
