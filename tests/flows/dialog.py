"""A person who adds or changes a plant."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER

from tests.plants.growing import Growing


class Dialog:
    """A person in front of the forms."""

    def __init__(self, growing: Growing, flow: Any) -> None:
        self.growing = growing
        self.flow = flow

    async def answer(self, **said: Any) -> Any:
        manager = self.growing.hass.config_entries.subentries
        self.flow = await manager.async_configure(self.flow["flow_id"], said)
        await self.growing.hass.async_block_till_done()
        return self.flow

    @property
    def suggested(self) -> dict[str, Any]:
        return {
            str(key): key.description["suggested_value"]
            for key in self.flow["data_schema"].schema
            if key.description and "suggested_value" in key.description
        }


async def add(growing: Growing) -> Dialog:
    flow = await growing.hass.config_entries.subentries.async_init(
        (growing.entry.entry_id, "plant"), context={"source": SOURCE_USER}
    )
    return Dialog(growing, flow)


async def change(growing: Growing, plant_id: str) -> Dialog:
    return Dialog(
        growing, await growing.entry.start_subentry_reconfigure_flow(growing.hass, plant_id)
    )
