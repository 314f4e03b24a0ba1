"""Lamps as they are told: a node's light, or any light or switch of Home Assistant.

What a lamp does is what its entity shows. Nothing here decides anything.
"""

import re
import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Final, Protocol

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..glue import actuation, wishes
from ..model.errors import LinkError
from ..model.quantity import ActuatorKind

if TYPE_CHECKING:
    from ..coordinator import NodeCoordinator

NODE_RUN_S: Final = 1200.0
"""A node's lamp ends so long after it was last told: should Home Assistant be gone by then."""
_SAME_S: Final = 60.0
_NODE_LIGHT: Final = re.compile(rf"^[0-9A-Za-z]+_(\d+)_{ActuatorKind.LIGHT}$")
# What a node says of an output that went off though nobody wanted that.
_BY_ITSELF: Final = frozenset({"boot", "timer", "link", "interlock"})


class Socket(Protocol):
    """What a lamp hangs on. `bounded` says whether it goes dark by itself if nobody tells it."""

    entity_id: str
    bounded: bool

    @property
    def by_hand(self) -> bool | None:
        """Whether a hand has just switched it off; None where that cannot be told."""

    async def async_on(self, seconds: float) -> bool:
        """Tell it to be on, for `seconds` if it can be told so; False if it cannot be reached."""

    async def async_off(self) -> bool:
        """Tell it to be off; False if it cannot be reached."""


class NodeLight:
    """A light at a node, which ends it after a time by itself."""

    bounded = True

    def __init__(self, hass: HomeAssistant, entity_id: str, entry_id: str, index: int) -> None:
        """The output `index` of the node whose entry this is; it need not be loaded."""
        self.entity_id = entity_id
        self._hass = hass
        self._entry_id = entry_id
        self._index = index

    @property
    def _node(self) -> NodeCoordinator | None:
        entry = self._hass.config_entries.async_get_entry(self._entry_id)
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return None
        node: NodeCoordinator = entry.runtime_data.coordinator
        return node

    @property
    def by_hand(self) -> bool | None:
        """The node says why it last changed an output."""
        node = self._node
        return None if node is None else node.data.why not in _BY_ITSELF

    async def async_on(self, seconds: float) -> bool:
        """Tell the node, at the level that a person has set; it ends by itself."""
        if (node := self._node) is None:
            return False
        wanted = min(seconds, NODE_RUN_S)
        if self._shines_for(node, wanted):
            return True
        level = wishes.level(node.config_entry, self._index)
        ms = round(wanted * 1000)
        try:
            await actuation.async_turn_light_on(node, self._index, ms=ms, level=level)
        except HomeAssistantError:
            return False
        return True

    def _shines_for(self, node: NodeCoordinator, wanted: float) -> bool:
        """Whether it does as wanted already.

        A node tells of what it did together: a hand that switched it off just before it is told to
        be on would not be seen. So it is not told more often than is needed.
        """
        known = node.data.actuators.get(self._index)
        if known is None or not known.on or known.until is None:
            return False
        return abs(known.until - time.time() - wanted) < _SAME_S

    async def async_off(self) -> bool:
        """Tell the node."""
        if (node := self._node) is None:
            return False
        try:
            await actuation.async_turn_light_off(node, self._index)
        except HomeAssistantError:
            return False
        return True


class EntityLight:
    """Any light or switch: it shines until somebody switches it off."""

    bounded = False
    by_hand: bool | None = None

    def __init__(self, hass: HomeAssistant, entity_id: str) -> None:
        """Of whichever make."""
        self.entity_id = entity_id
        self._hass = hass

    async def async_on(self, seconds: float) -> bool:
        """Switch it on, unless it is: many lamps take each call for a wish to be dimmed anew."""
        return self._shows(STATE_ON) or await self._async_switch(on=True)

    async def async_off(self) -> bool:
        """Switch it off, also if it shows that it is."""
        return await self._async_switch(on=False)

    def _shows(self, what: str) -> bool:
        state = self._hass.states.get(self.entity_id)
        return state is not None and state.state == what

    async def _async_switch(self, *, on: bool) -> bool:
        try:
            await actuation.async_switch(self._hass, self.entity_id, on=on, context=Context())
        except LinkError:
            return False
        return True


def shown(hass: HomeAssistant, entity_id: str) -> bool | None:
    """Whether a lamp is on; None while it does not say."""
    state = hass.states.get(entity_id)
    return {STATE_ON: True, STATE_OFF: False}.get(state.state) if state else None


@callback
def socket_of(hass: HomeAssistant, reference: str, pumps: Collection[str]) -> Socket | None:
    """The lamp that an entity of any make is; None for none, and for what may move water.

    `pumps` are the entities that plants are watered with.
    """
    registry = er.async_get(hass)
    entity_id = er.async_resolve_entity_id(registry, reference)
    if entity_id is None or entity_id in pumps:
        return None
    known = registry.async_get(entity_id)
    if known is None or known.platform != DOMAIN:
        return EntityLight(hass, entity_id)
    # Our pumps are switches, too, and so is a plant's watering.
    light = _NODE_LIGHT.match(known.unique_id)
    if light is None or known.config_entry_id is None:
        return None
    return NodeLight(hass, entity_id, known.config_entry_id, int(light[1]))
