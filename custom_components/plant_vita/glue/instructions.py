"""How a node is to report, told at every arrival and at every change; what is wired to it, once."""

from homeassistant.core import HomeAssistant, callback

from ..const import LOGGER
from ..coordinator import NodeCoordinator, PlantVitaConfigEntry
from ..model.errors import PlantVitaError, RefusedError
from ..node.session import NodeSession
from ..protocol.messages import Op
from . import wishes


class NodeInstructions:
    """Sends the options of an entry to its node; saying them twice changes nothing."""

    def __init__(self, coordinator: NodeCoordinator) -> None:
        """Begin with the next arrival of the node."""
        self._coordinator = coordinator
        self._told = self._wanted()
        coordinator.async_on_arrival(self._async_arrived)

    def _wanted(self) -> tuple[dict[int, dict[str, float | int | str]], int | None]:
        entry, known = self._coordinator.config_entry, self._coordinator.kinds
        filters = {
            index: settings for index, settings in wishes.filters(entry).items() if index in known
        }
        return filters, wishes.rhythm(entry)

    async def async_options_changed(
        self, _hass: HomeAssistant, _entry: PlantVitaConfigEntry
    ) -> None:
        """The options of the entry have changed, perhaps not those that the node must know."""
        session = self._coordinator.session
        if session and self._told != self._wanted():
            self._async_arrived(session)

    @callback
    def _async_arrived(self, session: NodeSession) -> None:
        self._told = self._wanted()
        if any(self._told):
            self._coordinator.config_entry.async_create_background_task(
                self._coordinator.hass,
                self._async_tell(session),
                f"Plant Vita instructions {session.info.hardware_id}",
            )

    async def _async_tell(self, session: NodeSession) -> None:
        filters, every = told = self._told
        try:
            if every is not None:
                await session.command(Op.CONFIG, settings={"every": every})
            for index, settings in filters.items():
                if self._told is not told:
                    # Somebody has changed their mind meanwhile, and the old must not win.
                    return
                await session.command(Op.CONFIG, channel=index, settings=settings)
        except RefusedError as error:
            LOGGER.warning(
                "%s does not accept its settings: %s", self._coordinator.config_entry.title, error
            )
        except PlantVitaError as error:
            # It will be told again when it comes back.
            LOGGER.debug("%s was not told its settings: %s", session.info.hardware_id, error)


async def async_wire(
    coordinator: NodeCoordinator, slot: int, wiring: dict[str, float | int | str]
) -> None:
    """Tell a node what is connected to a channel, {} for nothing; it keeps that by itself.

    Raises a `PlantVitaError` if it was not told, said no, or did not answer. It refuses while an
    output of it is on.
    """
    await coordinator.live_session.command(Op.WIRE, channel=slot, settings=wiring)
