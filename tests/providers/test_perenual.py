import pytest

from custom_components.plant_vita.model.errors import ProviderQuotaError
from custom_components.plant_vita.model.finding import Task
from custom_components.plant_vita.providers.provider import Ask
from scripts.lab.clouds.databases import ADVERTISEMENT, PerenualCloud
from scripts.lab.clouds.server import Fault
from tests.providers.asked import free, provider

MONSTERA = Ask(task=Task.ENRICH, name="Monstera deliciosa")


async def test_facts_are_read() -> None:
    cloud = PerenualCloud()
    async with provider(cloud, "perenual") as one:
        facts = await one.answer(MONSTERA, free)
    assert facts.name == "Monstera deliciosa"
    assert facts.water_days == (7.0, 10.0)
    assert facts.sunlight == ("part shade", "part sun/part shade")
    assert (facts.poisonous_to_pets, facts.poisonous_to_humans) == (True, True)
    assert facts.care_level == "Medium"
    assert [call.path for call in cloud.calls] == [
        "/api/v2/species-list",
        "/api/v2/species/details/5257",
    ]


async def test_advertisements_are_no_facts() -> None:
    cloud = PerenualCloud()
    for key in ("watering", "watering_general_benchmark", "sunlight", "poisonous_to_pets"):
        cloud.details[key] = ADVERTISEMENT
    cloud.details["care_level"] = None
    async with provider(cloud, "perenual") as one:
        facts = await one.answer(MONSTERA, free)
    assert (facts.water_days, facts.sunlight, facts.texts) == (None, (), {})
    assert (facts.poisonous_to_pets, facts.care_level) == (None, None)


@pytest.mark.parametrize(
    ("benchmark", "expected"),
    [
        ({"value": "7-10", "unit": "days"}, (7.0, 10.0)),
        ({"value": "5", "unit": "days"}, (5.0, 5.0)),
        ({"value": "1-2", "unit": "weeks"}, (7.0, 14.0)),
        ({"value": "10-7", "unit": "days"}, None),
        ({"value": None, "unit": "days"}, None),
        ({"value": "often", "unit": "days"}, None),
        ({"value": "7", "unit": "moons"}, None),
    ],
)
async def test_intervals(benchmark: object, expected: object) -> None:
    cloud = PerenualCloud()
    cloud.details["watering_general_benchmark"] = benchmark
    async with provider(cloud, "perenual") as one:
        assert (await one.answer(MONSTERA, free)).water_days == expected


async def test_its_429_is_the_days_quota() -> None:
    cloud = PerenualCloud()
    cloud.fail(Fault.S429)
    async with provider(cloud, "perenual") as one:
        with pytest.raises(ProviderQuotaError) as caught:
            await one.check()
    assert caught.value.wait_s is not None
    assert 0 < caught.value.wait_s <= 86_400


async def test_another_species_is_none() -> None:
    async with provider(PerenualCloud(), "perenual") as one:
        assert (await one.answer(Ask(task=Task.ENRICH, name="Monstera obliqua"), free)).name == ""
