"""Services and models in a real Home Assistant, as scripts/develop sets them up."""

import pytest

from scripts.development.clouds import clouds, subscribe
from scripts.development.model import install, let_ask
from scripts.lab.api import Api
from scripts.lab.clouds.pictures import jpeg, plant
from scripts.lab.process import Home, free_port, provision

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_services_and_a_model_of_the_house_answer_together(tmp_path):
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
        found = await api.action("plant_vita.identify", {"file": [str(photo)]}, response=True)
        assert found["species"] == "Monstera deliciosa"
        answered = {one["service"]: one["outcome"] for one in found["services"]}
        assert answered == dict.fromkeys(("plant_id", "plantnet", "gemini", "ai_task"), "answered")
        assert found["left_the_house"]["to"] == titles[:3] + titles[-1:]
    log = home.log.read_text(errors="replace").splitlines()
    assert [line for line in log if " ERROR " in line and "plant_vita" in line] == []
