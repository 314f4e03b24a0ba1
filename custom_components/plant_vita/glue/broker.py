"""Nodes that call through an MQTT broker, by way of Home Assistant's own `mqtt` integration.

A node dials on `plant_vita/v1/<node>/up/<dial>`, and everybody who is subscribed hears it. Whoever
holds its key answers on `…/down/<dial>/<home>`, and from then on the node speaks on
`…/up/<dial>/<home>`: so several Home Assistants can share a broker, and a node has one of them. Who
does not know the node says nothing: another may.
"""

import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_when_setup

from ..const import DOMAIN, LOGGER
from ..model.errors import LinkError, ProtocolError
from ..protocol.handshake import CODE_KID, HARDWARE_ID, VersionError, parse_dial
from ..protocol.limits import FRAME_BYTES_MAX
from ..transport.mqtt import MqttLink
from .hub import Hub

if TYPE_CHECKING:
    from homeassistant.components.mqtt import ReceiveMessage

MQTT = "mqtt"
ROOT = f"{DOMAIN}/v1"
# A dial is answered once; this many more than nodes may be calling.
_CALLERS_MORE = 64
# Three signs of life missed.
_SILENCE_S = 60.0
_UP = re.compile(rf"{ROOT}/({HARDWARE_ID.pattern})/up/([0-9a-f]{{16}})(?:/([0-9a-f]{{16}}))?")


@dataclass(slots=True)
class Broker:
    """The links that go through the broker, by node and dial; `home` is our name in each."""

    hass: HomeAssistant
    hub: Hub
    home: str = field(default_factory=lambda: secrets.token_hex(8))
    ignored: int = 0
    _links: dict[tuple[str, str], MqttLink] = field(default_factory=dict)

    @callback
    def async_follow(self) -> None:
        """Listen as soon as there is an `mqtt` integration; there need never be one."""
        async_when_setup(self.hass, MQTT, self._async_subscribe)

    async def _async_subscribe(self, hass: HomeAssistant, _component: str) -> None:
        # Only now is its library sure to be there.
        from homeassistant.components import mqtt  # noqa: PLC0415

        if not await mqtt.async_wait_for_mqtt_client(hass):
            return
        mqtt.async_subscribe_connection_status(hass, self._async_connected)
        await mqtt.async_subscribe(hass, f"{ROOT}/+/up/#", self._async_heard, encoding=None)

    @callback
    def _async_connected(self, connected: bool) -> None:  # noqa: FBT001 - as mqtt calls it
        if not connected:
            for link in list(self._links.values()):
                link.lose("the broker is gone")

    @callback
    def _async_heard(self, message: ReceiveMessage) -> None:
        payload = message.payload
        found = _UP.fullmatch(message.topic)
        if found is None or message.retain or not isinstance(payload, bytes):
            self.ignored += 1
            return
        hardware_id, dial, home = found.groups()
        link = self._links.get((hardware_id, dial))
        if link is None:
            if home is None and payload and self._is_ours(hardware_id, payload):
                self._begin(hardware_id, dial, payload)
        elif home == self.home or (home is None and not payload):
            # Without our name, only the node's last will: it is gone for everybody.
            link.take(payload)

    def _is_ours(self, hardware_id: str, payload: bytes) -> bool:
        """Whether we have anything to say to this caller."""
        try:
            dial = parse_dial(payload)
        except VersionError as error:
            # The door tells a person of it, if the node is one of ours.
            return error.hardware_id == hardware_id and self.hub.keys.holds(hardware_id)
        except ProtocolError:
            self.ignored += 1
            return False
        known = dial.kid == CODE_KID or self.hub.keys.key(hardware_id, dial.kid) is not None
        return dial.hardware_id == hardware_id and known

    def _begin(self, hardware_id: str, dial: str, payload: bytes) -> None:
        if len(self._links) >= self.hub.limits.nodes + _CALLERS_MORE:
            self.ignored += 1
            return
        topic = f"{ROOT}/{hardware_id}/down/{dial}/{self.home}"

        async def _publish(data: bytes) -> None:
            from homeassistant.components import mqtt  # noqa: PLC0415 - as above

            try:
                await mqtt.async_publish(self.hass, topic, data, encoding=None)
            except HomeAssistantError as error:
                msg = f"could not publish: {error}"
                raise LinkError(msg) from error

        link = MqttLink(
            f"MQTT {hardware_id} {dial}", _publish, silence=_SILENCE_S, largest=FRAME_BYTES_MAX
        )
        self._links[hardware_id, dial] = link
        link.take(payload)
        self.hass.async_create_background_task(
            self._async_serve(hardware_id, dial, link), f"Plant Vita {link.peer}"
        )

    async def _async_serve(self, hardware_id: str, dial: str, link: MqttLink) -> None:
        try:
            await self.hub.async_receive(link)
        finally:
            del self._links[hardware_id, dial]
            LOGGER.debug("%s: the call is over", link.peer)
