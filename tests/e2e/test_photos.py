"""Services and models in a real Home Assistant, as scripts/develop sets them up."""

import json

import aiohttp
import pytest

from scripts.development.clouds import clouds, subscribe
from scripts.development.model import install, let_ask
from scripts.lab.api import Api
from scripts.lab.clouds.databases import RARE
from scripts.lab.clouds.pictures import jpeg, plant
from scripts.lab.gardening import add_plant, plants
from scripts.lab.process import Home, free_port, provision
from tests.e2e.stage import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
OF_PHOTOS = ("plant_id", "plantnet", "gemini", "ai_task")
OF_SPECIES = ("gemini", "ai_task", "openplantbook", "trefle", "perenual")


def answered(answer):
    """Who answered, of those who were asked."""
    return {one["service"] for one in answer["services"] if one["outcome"] == "answered"}


async def device_of(api, name):
    """The device of a plant."""
    wanted = ["plant_vita", (await plants(api))[name]]
    devices = await api.command("config/device_registry/list")
    (device,) = (one["id"] for one in devices if wanted in one["identifiers"])
    return device


async def asked_about(api, device):
    """What models and databases say of a plant, through the real actions."""
    said = await api.action(
        "plant_vita.ask", {"device_id": device, "question": "When do I water it?"}, response=True
    )
    assert said["answer"] == "Not before the upper 3 cm are dry."
    assert answered(said) == {"gemini", "ai_task"}
    care = await api.action("plant_vita.care_instructions", {"device_id": device}, response=True)
    assert answered(care) == {*OF_SPECIES}
    sources = {one["source"] for one in care["instructions"]}
    assert {"Plant Vita", "OpenPlantbook", "Perenual", "AI Task: Lab model"} <= sources


async def kept_in_the_album(api, address, device, photo):
    """A photo that was asked about is in the timeline, and its address opens without a login."""
    asked = {"device_id": device, "file": [str(photo)]}
    await api.action("plant_vita.identify", asked, response=True)

    async def first():
        page = await api.command("plant_vita/photos/timeline", device_id=device)
        return page["photos"]

    (kept,) = await until(first, 60, "the photo is in the timeline")
    assert kept["findings"][0]["title"] == "Monstera deliciosa"
    async with aiohttp.ClientSession(address) as stranger:
        for path in (kept["url"], kept["thumbnail"]):
            async with stranger.get(path) as answer:
                assert (answer.status, answer.content_type) == (200, "image/jpeg")
        async with stranger.get(kept["url"].partition("?")[0]) as answer:
            assert answer.status == 401
    garden = await api.command(
        "media_source/browse_media", media_content_id="media-source://plant_vita"
    )
    assert [one["title"] for one in garden["children"]] == ["Window"]


async def test_services_databases_and_a_model_of_the_house(tmp_path):
    home = Home(folder=tmp_path / "home")
    access = await provision(home.folder, port=free_port())
    install(home.folder)
    # Home Assistant may read what is in there without being told so.
    photo = home.folder / "www" / "plant.jpg"
    photo.parent.mkdir()
    photo.write_bytes(jpeg(plant(1, (640, 480))))
    async with clouds(tmp_path, after=(0.0, 0.1)) as running, home, Api(access) as api:
        titles = [*await subscribe(api, running), await let_ask(api)]
        assert titles[-1] == "AI Task: Lab model"
        # As after a restart of scripts/develop: what is there is found again.
        assert await let_ask(api) == titles[-1]
        async with api.events("plant_vita_identified") as heard:
            found = await api.action("plant_vita.identify", {"file": [str(photo)]}, response=True)
            assert (await anext(heard))["data"]["species"] == "Monstera deliciosa"
        assert found["species"] == "Monstera deliciosa"
        assert answered(found) == {*OF_PHOTOS}
        assert set(found["left_the_house"]["to"]) == {*titles[:3], titles[-1]}
        # One that everybody knows, and one that only databases do.
        await add_plant(api, "Window", "monstera_deliciosa", {})
        window = await device_of(api, "Window")
        await asked_about(api, window)
        await kept_in_the_album(api, access.url, window, photo)
        await add_plant(api, "Shingle", RARE, {})
        (found,) = (await api.action("plant_vita.find_species", {"query": RARE}, response=True))[
            "species"
        ][:1]
        assert (found["scientific_name"], found["source"]) == (RARE, "OpenPlantbook")
    kept = json.loads((home.folder / ".storage" / "plant_vita.species").read_text())
    assert [one["id"] for one in kept["data"]["species"]] == ["rhaphidophora_cryptantha"]
    log = home.log.read_text(errors="replace").splitlines()
    assert [line for line in log if " ERROR " in line and "plant_vita" in line] == []
