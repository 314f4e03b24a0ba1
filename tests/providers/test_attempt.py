import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from custom_components.plant_vita.model.errors import (
    AllFailedError,
    ProviderKeyError,
    ProviderTimeoutError,
    StoreError,
)
from custom_components.plant_vita.providers import attempt, plantnet
from custom_components.plant_vita.providers.attempt import check
from scripts.lab.clouds.plant_id import PlantIdCloud
from scripts.lab.clouds.plantnet import PlantNetCloud
from scripts.lab.clouds.server import Fault
from tests.providers.asked import House, asking, house, outcomes


class Waits:
    """asyncio with another sleep."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        self.sleep = sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)


async def outcome(home: House, seed: int = 1) -> str:
    """What becomes of the one service of a house."""
    try:
        (found,) = outcomes(await home.panel.ask(asking(seed=seed))).values()
    except AllFailedError as error:
        return error.key
    return found


async def test_five_failures_pause_a_service_and_one_probe_brings_it_back() -> None:
    cloud = PlantNetCloud()
    cloud.fail(Fault.S500)
    async with house(("plantnet", cloud)) as home:
        assert [await outcome(home) for _ in range(7)] == [
            *["provider_down"] * 5,
            *["provider_paused"] * 2,
        ]
        assert len(cloud.calls) == 5
        home.clock.now += 901
        assert await outcome(home) == "provider_down"
        assert await outcome(home) == "provider_paused"
        home.clock.now += 901
        cloud.fail(None)
        assert await outcome(home) == "answered"
        assert len(cloud.calls) == 7


async def test_a_bug_during_the_probe_does_not_pause_a_service_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cloud = PlantNetCloud()
    cloud.fail(Fault.S500)
    async with house(("plantnet", cloud)) as home:
        for _ in range(5):
            await outcome(home)
        home.clock.now += 901
        cloud.fail(None)
        with monkeypatch.context() as broken:

            def stumbles(_: object) -> None:
                raise ZeroDivisionError

            broken.setattr(plantnet, "_candidate", stumbles)
            assert await outcome(home) == "provider_failed"
        assert await outcome(home) == "answered"


async def test_the_second_wait_is_twice_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def waited(seconds: float) -> None:
        waits.append(seconds)

    cloud = PlantIdCloud()
    cloud.fail(Fault.S503)
    async with house(("plant_id", cloud)) as home:
        with monkeypatch.context() as patch:
            patch.setattr(attempt, "asyncio", Waits(waited))
            assert await outcome(home) == "provider_down"
        cloud.fail(Fault.S429_SOON)
        with monkeypatch.context() as patch:
            patch.setattr(attempt, "asyncio", Waits(waited))
            assert await outcome(home) == "provider_busy"
    # Without jitter half of what is meant; what the service asks for is taken as it is.
    assert waits == [0.25, 0.5, 1.0, 1.0]


async def test_a_pause_tells_when_it_ends() -> None:
    first, second = PlantNetCloud(), PlantIdCloud()
    first.fail(Fault.GARBAGE)
    async with house(("plantnet", first), ("plant_id", second)) as home:
        for _ in range(5):
            await home.panel.ask(asking())
        finding = await home.panel.ask(asking())
        assert finding.voices[0].again_at == home.clock.now + 900
        assert outcomes(finding)["plant_id"] == "answered"


async def test_a_wrong_key_or_a_quota_is_no_reason_to_pause() -> None:
    cloud = PlantNetCloud()
    cloud.fail(Fault.S401)
    async with house(("plantnet", cloud)) as home:
        assert [await outcome(home) for _ in range(7)] == ["provider_key"] * 7
    cloud = PlantNetCloud()
    cloud.quota = 0
    async with house(("plantnet", cloud)) as home:
        assert [await outcome(home) for _ in range(7)] == ["provider_quota"] * 7
        assert len(cloud.calls) == 1
        assert home.ledger.today("plantnet") == 0
        home.clock.now += 4322
        cloud.quota = 9
        assert await outcome(home) == "answered"


async def test_a_quota_outlives_a_restart() -> None:
    cloud = PlantNetCloud()
    cloud.quota = 0
    async with house(("plantnet", cloud)) as home:
        await outcome(home)
        await home.restart()
        assert await outcome(home) == "provider_quota"
        assert len(cloud.calls) == 1


async def test_waiting_grows_and_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    cloud = PlantNetCloud()
    cloud.fail(Fault.S503)
    caplog.set_level(logging.DEBUG)
    async with house(("plantnet", cloud)) as home:
        assert await outcome(home) == "provider_down"
    waits = [line for line in caplog.messages if "again in" in line]
    assert waits == [
        "plantnet: provider_down, again in 0.2 s",
        "plantnet: provider_down, again in 0.5 s",
    ]


async def test_the_users_limit_tells_when_the_next_day_begins() -> None:
    first, second = PlantNetCloud(), PlantIdCloud()
    async with house(("plantnet", first), ("plant_id", second), daily=0) as home:
        with pytest.raises(AllFailedError) as caught:
            await home.panel.ask(asking())
        assert caught.value.key == "provider_limit"
        assert first.calls == second.calls == []


async def test_a_full_disk_spends_nothing() -> None:
    cloud = PlantNetCloud()
    async with house(("plantnet", cloud)) as home:

        async def full(_: object) -> None:
            raise StoreError

        original, home.calls.save = home.calls.save, full
        assert await outcome(home) == "provider_failed"
        assert cloud.calls == []
        home.calls.save = original
        assert await outcome(home) == "answered"


async def test_a_check_is_bounded_and_named() -> None:
    cloud = PlantIdCloud()
    async with house(("plant_id", cloud), time_limit=0.3) as home:
        (seat,) = home.panel._seats.values()
        assert (await check(seat)).remaining == 1000
        cloud.fail(Fault.TIMEOUT)
        with pytest.raises(ProviderTimeoutError) as caught:
            await asyncio.wait_for(check(seat), 2)
        assert caught.value.__context__ is None
        cloud.fail(Fault.S401)
        with pytest.raises(ProviderKeyError):
            await check(seat)
