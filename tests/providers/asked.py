"""A panel, its clouds and its memory, for the tests of providers."""

import copy
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import aiohttp

from custom_components.plant_vita.model.finding import Finding, Task
from custom_components.plant_vita.model.photo import Photo
from custom_components.plant_vita.providers.attempt import Seat
from custom_components.plant_vita.providers.ledger import Ledger
from custom_components.plant_vita.providers.panel import Panel
from custom_components.plant_vita.providers.provider import Account, Ask, Provider, Secret
from custom_components.plant_vita.providers.registry import PROVIDERS
from custom_components.plant_vita.vision.prepare import examine
from scripts.lab.clouds.pictures import jpeg, plant
from scripts.lab.clouds.server import Cloud

NOW = 1_795_262_400.0 + 36_000  # 10 o'clock of a day of UTC


@cache
def photo(seed: int = 1) -> Photo:
    """The photo of one plant."""
    return examine(jpeg(plant(seed, (640, 480)))).photo


def asking(task: Task = Task.IDENTIFY, seed: int = 1, **more: Any) -> Ask:
    return Ask(task=task, photos=(photo(seed),), **more)


class Clock:
    """Unix seconds that go on when they are told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class Disk:
    """A storage that keeps what JSON keeps, and counts how often it was written."""

    def __init__(self) -> None:
        self.text: str | None = None
        self.writes = 0

    async def load(self) -> dict[str, Any] | None:
        return None if self.text is None else json.loads(self.text)

    async def save(self, data: dict[str, Any]) -> None:
        self.writes += 1
        self.text = json.dumps(copy.deepcopy(data), allow_nan=False)


@dataclass(kw_only=True)
class House:
    """A house with a panel: `clouds` by the id of their seat."""

    session: aiohttp.ClientSession
    clouds: dict[str, Cloud]
    clock: Clock = field(default_factory=Clock)
    calls: Disk = field(default_factory=Disk)
    answers: Disk = field(default_factory=Disk)
    daily: int | None = None
    time_limit: float | None = None
    key: str = "key"

    def __post_init__(self) -> None:
        self.build()

    def build(self) -> None:
        """A new panel over the same disks, as after a restart."""
        self.ledger = Ledger(self.calls, self.clock)
        self.panel = Panel(
            ledger=self.ledger, answers=self.answers, now=self.clock, jitter=lambda: 0.0
        )
        for kind, cloud in self.clouds.items():
            spec = PROVIDERS[kind]
            secrets = {name: Secret(self.key) for name in spec.fields}
            account = Account(secrets=secrets, base_url=cloud.url, options=spec.options)
            seat = Seat(
                id=kind,
                spec=replace(spec, time_limit=self.time_limit or spec.time_limit),
                provider=spec.open(account, self.session),
                daily=self.daily,
                options=spec.options,
            )
            self.panel.seat(seat)

    async def restart(self) -> None:
        await self.panel.close()
        self.build()
        await self.panel.open()


@asynccontextmanager
async def house(*clouds: tuple[str, Cloud], **more: Any) -> AsyncIterator[House]:
    """A house whose panel asks these clouds."""
    async with aiohttp.ClientSession() as session:
        for _, cloud in clouds:
            await cloud.start()
        home = House(session=session, clouds=dict(clouds), **more)
        await home.panel.open()
        try:
            yield home
        finally:
            await home.panel.close()
            for _, cloud in clouds:
                await cloud.stop()


def outcomes(finding: Finding) -> dict[str, str]:
    """What became of each service."""
    return {voice.seat: voice.outcome.value for voice in finding.voices}


async def free() -> None:
    """Bill nothing: for providers that are asked without a panel."""


@asynccontextmanager
async def provider(cloud: Cloud, kind: str, **options: str) -> AsyncIterator[Provider]:
    """A provider of one cloud, without a panel around it."""
    await cloud.start()
    spec = PROVIDERS[kind]
    secrets = {name: Secret("key") for name in spec.fields}
    async with aiohttp.ClientSession() as session:
        account = Account(secrets=secrets, base_url=cloud.url, options={**spec.options, **options})
        one = spec.open(account, session)
        try:
            yield one
        finally:
            await one.close()
            await cloud.stop()
