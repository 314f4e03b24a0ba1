"""Few words, and nothing that is not known."""

from homeassistant.util import dt as dt_util

from custom_components.plant_vita.voice import told
from custom_components.plant_vita.voice.seen import async_seen
from tests.actions.asking import ask, device
from tests.voice.talking import Talking, hose, talking_fixture

__all__ = ["hose"]

talking = talking_fixture()


async def test_what_is_due_and_who_is_thirsty(talking: Talking) -> None:
    basil, fern = await talking.grow(
        {"title": "Basil", "limits": {"water_days": 2}},
        {"title": "Fern", "limits": {"water_days": 9}},
    )
    for plant in (basil, fern):
        where = device(talking.hose, plant)
        await ask(talking.hose, "log_care", device_id=where, care="watered", at="2026-06-07 08:00")
    seen = await async_seen(talking.hass, "conversation")
    now = dt_util.utcnow()
    assert told.due(seen.values(), now) == [
        {"plant": "Basil", "care": "watered", "overdue": "2026-06-09"}
    ]
    assert [one.name for one in told.thirsty(seen.values(), now)] == ["Basil"]
    assert told.needs(seen.values(), now)["problems"] == [
        {"plant": "Basil", "reasons": ["water_overdue"]}
    ]


async def test_a_garden_of_many_plants_says_how_many_are_left_out(talking: Talking) -> None:
    await talking.grow(*({"title": f"Plant {number}"} for number in range(62)))
    answer = told.overview(await async_seen(talking.hass, "conversation"))
    assert len(answer["plants"]) == told.MOST_PLANTS == 60
    assert answer["left_out"] == 2
    assert answer["plants"][0] == {"plant": "Plant 0"}


def test_times_are_those_of_the_house() -> None:
    assert told.local(None) is None
    assert told.local("2026-06-10T09:10:11+00:00") is not None
