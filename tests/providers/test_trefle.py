from custom_components.plant_vita.model.finding import Facts, Task
from custom_components.plant_vita.providers.provider import Ask
from scripts.lab.clouds.databases import TrefleCloud
from tests.providers.asked import free, provider


async def test_names_and_family_are_read() -> None:
    cloud = TrefleCloud()
    async with provider(cloud, "trefle") as one:
        facts = await one.answer(Ask(task=Task.ENRICH, name="monstera deliciosa"), free)
        other = await one.answer(Ask(task=Task.ENRICH, name="Monstera adansonii"), free)
        none = await one.answer(Ask(task=Task.ENRICH, name="Rosa canina"), free)
        await one.check()
    assert facts == Facts(
        name="Monstera deliciosa", common_names=("Swiss cheese plant",), family="Araceae"
    )
    assert other == none == Facts(name="")
    assert cloud.calls[0].query == {"q": "Monstera deliciosa", "token": "key"}
