"""A plant as the card draws it."""

import json
import time
from datetime import datetime

import pytest
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from custom_components.plant_vita.model.species import Species
from custom_components.plant_vita.plants.catalogue import DATA_CATALOGUE
from custom_components.plant_vita.plants.coordinator import PlantCoordinator
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.screen import chart, shown
from custom_components.plant_vita.plants.state import Care
from custom_components.plant_vita.plants.track import Track
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()

NOON = 1_781_092_800


def species(growing: Growing, plant: PlantCoordinator) -> Species | None:
    return growing.hass.data[DATA_CATALOGUE].species.get(plant.definition.species)


async def test_everything_a_card_shows_is_plain_data(growing: Growing) -> None:
    growing.say("sensor.soil", 40.04)
    growing.say("sensor.air", 20, "°C")
    plant_id = await growing.grow(
        {
            "title": "Basil",
            "species": "ocimum_basilicum",
            "moisture": ["sensor.soil"],
            "temperature": ["sensor.air"],
        }
    )
    plant = growing.plant(plant_id)
    seen = json.loads(json.dumps(shown(plant, species(growing, plant), "de")))
    assert seen["name"] == "Basil"
    assert (seen["species"], seen["common_name"]) == ("Ocimum basilicum", "Basilikum")
    assert seen["form"] == "herb"
    assert (seen["health"], seen["problem"], seen["reasons"]) == (100, False, [])
    moisture = seen["measures"]["moisture"]
    assert (moisture["value"], moisture["unit"], moisture["at"]) == (40.0, "%", NOON)
    assert (moisture["stale"], moisture["entities"]) == (False, ["sensor.soil"])
    assert moisture["band"] == sorted(moisture["band"])
    assert seen["light"] is None
    assert "humidity" not in seen["measures"]


async def test_temperatures_are_those_that_the_house_reads(growing: Growing) -> None:
    growing.hass.config.units = US_CUSTOMARY_SYSTEM
    growing.say("sensor.air", 20, "°C")
    plant_id = await growing.grow({"title": "Basil", "temperature": ["sensor.air"]})
    air = shown(growing.plant(plant_id), None, "en")["measures"]["temperature"]
    assert (air["value"], air["unit"]) == (68.0, "°F")


async def test_a_sensor_that_is_gone_is_shown_as_old(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    growing.say("sensor.lux", 5000, "lx")
    plant_id = await growing.grow(
        {"title": "Basil", "moisture": ["sensor.soil"], "light": ["sensor.lux"]}
    )
    await growing.pass_time(hours=30)
    seen = shown(growing.plant(plant_id), None, "en")
    assert seen["measures"]["moisture"]["stale"] is True
    assert seen["measures"]["moisture"]["value"] == 40.0
    assert seen["health"] is None


async def test_the_curves_are_few_points_in_order(growing: Growing) -> None:
    growing.say("sensor.soil", 50)
    plant_id = await growing.grow({"title": "Basil", "moisture": ["sensor.soil"]})
    plant = growing.plant(plant_id)
    for hour in range(9 * 24):
        growing.say("sensor.soil", 60 - hour / 10)
        await growing.pass_time(hours=1)
    await plant.async_cared(Care.WATERED, time.time() - 3600)
    now = time.time()
    drawn = json.loads(json.dumps(chart(plant, now, 7)))
    times = [at for at, _ in drawn["history"]]
    assert times == sorted(times)
    assert 100 < len(times) <= 240
    assert now - 7 * 86_400 <= times[0] < now - 6.9 * 86_400
    assert drawn["history"][-1][1] == 38.5
    assert drawn["watered"] == [round(now - 3600)]
    assert drawn["target"] == [25, 65]
    fan = drawn["forecast"]
    assert fan[0][1] == fan[0][2] == fan[0][3] == 38.5
    assert all(low <= middle <= high for _, low, middle, high in fan)
    assert fan[-1][2] < fan[0][2]


async def test_a_plant_without_a_probe_has_no_curves(growing: Growing) -> None:
    plant_id = await growing.grow({"title": "Cactus", "species": "monstera_deliciosa"})
    drawn = chart(growing.plant(plant_id), time.time(), 7)
    assert (drawn["history"], drawn["forecast"], drawn["watered"]) == ([], [], [])


async def test_the_light_of_today_with_what_is_still_to_come(growing: Growing) -> None:
    growing.say("sensor.lux", 5400, "lx")
    plant_id = await growing.grow({"title": "Basil", "light": ["sensor.lux"]})
    plant = growing.plant(plant_id)
    seen = shown(plant, None, "en")["light"]
    assert (seen["today"], seen["by_evening"]) == (0.0, None)
    # 100 µmol/(m² s) from 6 to 18 o'clock; it is noon.
    now, zone = time.time(), dt_util.get_default_time_zone()
    times = [now - 3600.0 * back for back in range(5 * 24, -1, -1)]
    hours = [datetime.fromtimestamp(at, zone).hour for at in times]
    values = [100.0 if 6 <= hour < 18 else 0.0 for hour in hours]
    plant.memory.tracks[Input.LIGHT] = Track(times, values)
    # What was studied a moment ago is not studied again; a plant that was changed is.
    plant.async_redefine(plant.definition)
    await plant.async_refresh()
    seen = shown(plant, None, "en")["light"]
    today = datetime.fromtimestamp(now, zone)
    assert seen["today"] == pytest.approx(0.36 * (today.hour - 6), abs=0.2)
    assert seen["by_evening"] == pytest.approx(12 * 0.36, abs=0.2)
