"""A plant with a real pump at a simulated node, and three records of its water.

What the pump's pin did, what is in the pot, and what the ledger on Home Assistant's disk counts,
read as Home Assistant reads it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from custom_components.plant_vita.care.ledger import Ledger
from custom_components.plant_vita.model.watering import Booking
from custom_components.plant_vita.watering import clock
from custom_components.plant_vita.watering.ledger_file import Found, read
from custom_components.plant_vita.watering.records import Remembered, Totals, from_record
from scripts.lab.api import Json
from scripts.lab.gardening import answer, begin_plant, make_garden, new_plant, plants as plants_of
from tests.e2e.stage import Stage, until

RATE_ML_S = 20.0  # of the simulated pump


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What the ledger counts of one pump and its plant; `bookings` are in their order."""

    ml: float = 0.0
    ms: int = 0
    bookings: tuple[Booking, ...] = ()


def counted(home: Path, plant_id: str, pump_id: str) -> Counted:
    """What the file says, read by the product's own reader; it must be whole."""
    try:
        loaded = read((home / ".storage" / "plant_vita.ledger").read_bytes())
    except FileNotFoundError:
        return Counted()
    assert loaded.found is Found.GOOD, loaded
    kept = [from_record(record) for record in loaded.records]
    assert None not in kept
    lines = [one for one in kept if one is not None and not isinstance(one, Remembered | Totals)]
    now = clock.moment(clock.read_boot_id())
    ledger = Ledger.restored(lines, now)
    bookings = {one.booking_id: one for one in lines if isinstance(one, Booking)}
    return Counted(
        ml=ledger.used_ml([plant_id], pump_id, now),
        ms=ledger.used_ms(pump_id, now),
        bookings=tuple(one for one in bookings.values() if one.pump_id == pump_id),
    )


@dataclass(frozen=True, kw_only=True)
class Watered:
    """A plant in the garden. `pump_id` is the unique id of its node's switch, `switch` its id."""

    stage: Stage
    name: str
    plant_id: str
    device_id: str
    pump_id: str
    switch: str

    @property
    def slug(self) -> str:
        """Its name in entity ids."""
        return self.name.lower().replace(" ", "_")

    def counted(self) -> Counted:
        """What the ledger counts for it."""
        return counted(self.stage.home.folder, self.plant_id, self.pump_id)

    async def ask(self, seconds: float) -> Json:
        """Ask for water as a person would; the answer, or an ApiError with what a person reads."""
        said: Json = await self.stage.api.action(
            "plant_vita.water",
            {"device_id": [self.device_id], "seconds": seconds},
            response=True,
        )
        return said

    async def status(self) -> str | None:
        """What its pump is about."""
        return await self.stage.state(f"sensor.{self.slug}_watering_status")


async def plant_with(
    stage: Stage, name: str, pump: str, *, daily_ml: float, **inputs: Any
) -> Watered:
    """Add a plant with this pump through the forms, and measure the pump."""
    has_garden = any(entry["title"] == "Plants" for entry in (await stage.entries()).values())
    if has_garden:
        flow = await new_plant(stage.api, (await begin_plant(stage.api))["flow_id"])
    else:
        flow = await new_plant(stage.api, await make_garden(stage.api))
    await answer(stage.api, flow, name=name, species="ocimum_basilicum", outdoors=False)
    await answer(stage.api, flow, pump=pump, **inputs)
    made = await answer(stage.api, flow)
    assert made["type"] == "create_entry", made
    watered = Watered(
        stage=stage,
        name=name,
        plant_id=(await plants_of(stage.api))[name],
        device_id=await _device(stage, name),
        pump_id=await _unique_id(stage, pump),
        switch=pump,
    )
    most = f"number.{watered.slug}_most_water_a_day"
    await stage.api.until_state(most, lambda state: state not in {"unknown", "unavailable"})
    await stage.api.action("number.set_value", {"value": daily_ml}, target={"entity_id": most})
    await stage.api.action(
        "plant_vita.calibrate_pump",
        {"device_id": [watered.device_id], "seconds": 10, "ml": 10 * RATE_ML_S},
        response=True,
    )
    return watered


async def _device(stage: Stage, name: str) -> str:
    async def look() -> str | None:
        devices = await stage.api.command("config/device_registry/list")
        return next((str(one["id"]) for one in devices if one["name"] == name), None)

    return await until(look, 20, f"the device of {name}")


async def _unique_id(stage: Stage, entity_id: str) -> str:
    entry = await stage.api.command("config/entity_registry/get", entity_id=entity_id)
    return str(entry["unique_id"])


async def on_disk(stage: Stage, watered: Watered) -> None:
    """Home Assistant writes what is new some seconds later; killed before, it would not know it.

    It would know the plant, and not which entity the plant's pump is.
    """
    wanted = {
        "core.config_entries": (watered.plant_id, watered.pump_id),
        "core.entity_registry": (watered.plant_id, watered.pump_id),
        "core.device_registry": (watered.device_id,),
    }

    async def look() -> bool:
        folder = stage.home.folder / ".storage"
        texts = {
            name: (folder / name).read_text() if (folder / name).exists() else "" for name in wanted
        }
        return all(word in texts[name] for name, words in wanted.items() for word in words)

    await until(look, 30, f"{watered.name} on the disk", every=0.2)
