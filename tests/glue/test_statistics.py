"""Late readings in the statistics of a real recorder."""

from pathlib import Path

from homeassistant.core import HomeAssistant

from custom_components.plant_vita.glue.statistics import LateReadings


async def test_what_waits_survives_a_restart(hass: HomeAssistant, tmp_path: Path) -> None:
    late = LateReadings(hass, tmp_path / "late.json", lambda hardware_id, index: "m")
    late.add_values("a4cf12000001", 3600.5, {0: 41.5})
    await late.async_save()
    again = LateReadings(hass, tmp_path / "late.json", lambda hardware_id, index: "m")
    await again.async_load()
    assert again._waiting == {("a4cf12000001", 0, 3600.0): {3600.5: 41.5}}
