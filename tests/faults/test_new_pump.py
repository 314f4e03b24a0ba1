"""Home Assistant is killed seconds after a pump was chosen that had only just appeared.

By then the plant is on the disk, and the entity registry with the pump's id is not.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import pytest_socket

from tests.e2e.processes import (  # noqa: F401 - fixtures
    configure_event_loop,
    enable_event_loop_debug,
    verify_cleanup,
)
from tests.e2e.stage import Stage, until

from .campaign import CONFIGURATION
from .watered import RATE_ML_S, counted, plant_with

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

TAP = "input_boolean.tap"
SWITCH = "input_boolean:\n  tap:\n"


@pytest_asyncio.fixture(loop_scope="module")
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A Home Assistant with a switch that it has never seen before."""
    pytest_socket.enable_socket()
    async with Stage(tmp_path, configuration=CONFIGURATION + SWITCH) as made:
        yield made
        complaints = made.complaints()
    assert not complaints, "\n\n".join(complaints)


async def test_a_plant_keeps_a_pump_that_was_never_written_down(stage: Stage) -> None:
    await stage.api.until_state(TAP, "off")
    plant = await plant_with(stage, "Basil", TAP, daily_ml=500.0)
    before = await tap_id(stage)
    storage = stage.home.folder / ".storage"

    async def is_written() -> bool:
        entries = storage / "core.config_entries"
        text = entries.read_text() if entries.exists() else ""
        return text.count(before) >= 3 and "ml_per_s" in text  # the pump, its mark, its rate

    await until(is_written, 30, "the plant on the disk", every=0.1)
    await stage.kill()
    forget(storage / "core.entity_registry", before)
    await stage.start()
    await stage.api.until_state(f"sensor.{plant.slug}_watering_status", "idle")
    after = await tap_id(stage)
    assert after != before
    await stage.api.action("switch.turn_on", target={"entity_id": f"switch.{plant.slug}_watering"})
    [booking] = counted(stage.home.folder, plant.plant_id, after).bookings
    # 100 ml, with what was measured of the pump before.
    assert (booking.plant_ids, booking.ms) == ((plant.plant_id,), round(100_000 / RATE_ML_S))
    await stage.api.until_state(TAP, "off")


async def tap_id(stage: Stage) -> str:
    entry = await stage.api.command("config/entity_registry/get", entity_id=TAP)
    return str(entry["id"])


def forget(registry: Path, entity_id: str) -> None:
    """What a busy machine was killed too late for."""
    if not registry.exists():
        return
    kept = json.loads(registry.read_text())
    entities = kept["data"]["entities"]
    kept["data"]["entities"] = [one for one in entities if one["id"] != entity_id]
    registry.write_text(json.dumps(kept))
