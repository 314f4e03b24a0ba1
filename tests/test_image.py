"""Photos are the plants' only, and asked of no disk until there is one."""

from pathlib import Path

from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


def everything(folder: Path) -> list[str]:
    return [one.name for one in folder.rglob("*")]


async def test_a_plant_without_photos_has_none(growing: Growing, tmp_path: Path) -> None:
    growing.hass.config.media_dirs = {"local": str(tmp_path)}
    growing.hass.config.config_dir = str(tmp_path)
    await growing.grow({"title": "Basil"})
    assert "plant_vita.image" in growing.hass.config.components
    assert growing.hass.states.async_entity_ids("image") == []
    assert not [one for one in everything(tmp_path) if "album" in one]
