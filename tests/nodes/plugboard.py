"""USB sockets of the machine that Home Assistant runs on, with boards in some of them."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from homeassistant.components import usb
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.coordinator import NodeCoordinator
from custom_components.plant_vita.glue import cable as glue
from tests.nodes.cable_node import Cable, CableNode
from tests.nodes.home import QUICK, Home

UNO = ("2341", "0043")
CH340 = ("1A86", "7523")


@dataclass
class Plugboard:
    """The cables by the name of their socket, and the make of the adapter in each."""

    home: Home
    folder: Path
    cables: dict[str, Cable] = field(default_factory=dict)
    makes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let Home Assistant find these ports; what is asked is asked quickly."""
        usb.async_register_serial_port_scanner(self.home.hass, self._ports)
        self.home.limit(replace(QUICK, ask_every_s=0.05, ask_for_s=0.4))

    def _ports(self, _hass: HomeAssistant) -> Sequence[usb.USBDevice]:
        return [
            usb.USBDevice(
                device=cable.port,
                vid=self.makes[name][0],
                pid=self.makes[name][1],
                serial_number=None,
                manufacturer="Somebody",
                description="A board",
            )
            for name, cable in self.cables.items()
            if cable.plugged
        ]

    def plug(self, name: str, node: CableNode | None = None, make: tuple[str, str] = UNO) -> Cable:
        """Plug a board into a socket; without a node, the one that was there before."""
        cable = self.cables.setdefault(name, Cable(self.folder / name))
        self.makes.setdefault(name, make)
        cable.plug(node)
        return cable

    def unplug_all(self) -> None:
        """Pull every cable."""
        for cable in self.cables.values():
            cable.unplug()

    async def scan(self) -> None:
        """Home Assistant notices what has changed."""
        await self.home.hass.data["usb"]._async_scan_serial()

    def entry(self, cable: Cable, node: CableNode, **data: Any) -> MockConfigEntry:
        """The entry of a node that was added on this cable."""
        made = MockConfigEntry(
            domain=DOMAIN,
            title=node.name or "Node",
            unique_id=node.hardware_id,
            data={"kind": "node", "node": described(node), "device": cable.port, **data},
            source=SOURCE_USER,
        )
        made.add_to_hass(self.home.hass)
        return made

    async def add(self, cable: Cable, node: CableNode, **data: Any) -> MockConfigEntry:
        """Make and load it."""
        made = self.entry(cable, node, **data)
        assert await self.home.hass.config_entries.async_setup(made.entry_id)
        assert made.state is ConfigEntryState.LOADED
        return made

    def coordinator(self, node: CableNode) -> NodeCoordinator:
        """Home Assistant's side of a node."""
        return self.home.hub.coordinators[node.hardware_id]

    def connected(self, node: CableNode) -> bool:
        """Whether there is a session that has been greeted."""
        return self.coordinator(node).session is not None and node.greeted


def described(node: CableNode) -> dict[str, Any]:
    """What an entry remembers of a node."""
    channels = [[*channel, None][:3] if len(channel) < 4 else channel for channel in node.channels]
    return {
        "hardware_id": node.hardware_id,
        "model": node.model,
        "firmware": node.firmware,
        "every": node.every,
        "sleeps": False,
        "name": node.name,
        "channels": channels,
        "slots": node.slots,
    }


async def _board(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Plugboard]:
    monkeypatch.setattr(glue, "RETRY_S", (0.05, 0.2))
    monkeypatch.setattr(glue, "ASK_WITHIN_S", 2.0)
    board = Plugboard(home, tmp_path)
    yield board
    for keeper in list(home.hub.cables.values()):
        await keeper.async_stop()
    board.unplug_all()


def board_fixture() -> Any:
    """The fixture, to be given the name `board` in a test module that has a `home`."""
    return pytest.fixture(_board)
