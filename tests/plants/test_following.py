"""Plants are watched once each, through a reload of the garden."""

from custom_components.plant_vita.plants.following import async_follow_plants
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_each_plant_is_watched_once_while_it_runs(growing: Growing) -> None:
    told: list[str] = []

    def watch(plant):
        told.append("begin")
        return lambda: told.append("end")

    stop = async_follow_plants(growing.hass, watch)
    assert told == []
    await growing.grow({})
    assert told == ["begin"]
    await growing.stop()
    assert told == ["begin", "end"]
    await growing.start()
    stop()
    assert told == ["begin", "end"] * 2
