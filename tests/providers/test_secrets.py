"""Keys stay with the services they belong to: not in logs, not in errors, not in tracebacks."""

import io
import logging
import os
import traceback

import pytest

from custom_components.plant_vita.model.errors import AllFailedError, PlantVitaError
from custom_components.plant_vita.model.finding import Task
from custom_components.plant_vita.providers.attempt import check
from custom_components.plant_vita.providers.provider import Ask
from scripts.lab.clouds.every import CLOUDS
from scripts.lab.clouds.server import Fault
from tests.providers.asked import asking, house

# Three by default, all ten with PLANT_VITA_FULL=1.
CANARIES = [f"canary{k}-Zq7Xw9-{k * 7919:08x}" for k in range(10)]
TRIED = CANARIES if os.environ.get("PLANT_VITA_FULL") == "1" else CANARIES[:9:4]
FAULTS = [fault for fault in Fault if fault not in {Fault.S429_SOON, Fault.TIMEOUT}]
# Everything that speaks on the way, as loud as it can.
LOGGERS = ["", "aiohttp", "asyncio", "google_genai", "google_genai._api_client", "httpx"]
LOGGERS += ["google_genai.models", "httpcore", "custom_components.plant_vita"]
# The clouds are not ours: what they write about themselves does not count.
OTHERS = ("aiohttp.server", "aiohttp.access", "aiohttp.web")


@pytest.fixture
def loud() -> io.StringIO:
    """All that is logged at debug level, with tracebacks and locals' representations."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(lambda record: not record.name.startswith(OTHERS))
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def written(error: BaseException) -> str:
    """Everything that a traceback can show, its causes and what it happened in included."""
    found = "".join(traceback.format_exception(error)) + repr(error)
    for hidden in (error.__context__, error.__cause__):
        found += written(hidden) if hidden is not None else ""
    for inner in getattr(error, "exceptions", ()):
        found += written(inner)
    return found


@pytest.mark.parametrize("canary", TRIED)
async def test_no_key_is_ever_written(canary: str, loud: io.StringIO) -> None:
    wrong = CANARIES.index(canary) % 2  # half of them are keys that the services do not know
    clouds = {kind: cloud(keys=("x",) if wrong else (canary,)) for kind, cloud in CLOUDS.items()}
    told = ""
    async with house(*clouds.items(), key=canary) as home:
        asks = (asking(), asking(Task.DIAGNOSE), Ask(task=Task.ENRICH, name="Monstera deliciosa"))
        faults = [None, *FAULTS[CANARIES.index(canary) :: 4]]
        for fault in faults:
            for cloud in clouds.values():
                cloud.fail(fault)
            home.build()
            for ask in asks:
                try:
                    told += repr(await home.panel.ask(ask))
                except AllFailedError as error:
                    told += written(error)
            for seat in home.panel._seats.values():
                try:
                    told += repr(await check(seat))
                except PlantVitaError as error:
                    told += written(error)
                told += repr(seat)
        for cloud in clouds.values():
            await cloud.stop()
        for seat in home.panel._seats.values():
            try:
                await check(seat)
            except PlantVitaError as error:
                told += written(error)
        told += str(home.calls.text) + str(home.answers.text)
    asked = "".join(str(call) for cloud in clouds.values() for call in cloud.calls)
    assert canary in asked
    assert "httpx" in loud.getvalue() or "HTTP Request" in loud.getvalue()
    assert canary not in loud.getvalue()
    assert canary not in told


async def test_a_key_would_be_found(loud: io.StringIO) -> None:
    logging.getLogger("aiohttp.client").debug("GET /?api-key=%s", CANARIES[0])
    assert CANARIES[0] in loud.getvalue()
    cause = ValueError(CANARIES[0])
    error = PlantVitaError("x")
    error.__context__ = cause
    assert CANARIES[0] in written(error)
