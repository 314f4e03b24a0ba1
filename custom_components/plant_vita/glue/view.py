"""The address at which nodes dial in."""

from http import HTTPStatus

from aiohttp import hdrs, web
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import HomeAssistantView
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..protocol.limits import FRAME_BYTES_MAX
from ..transport.wifi import WebSocketLink
from .bluetooth import Bluetooth
from .broker import Broker
from .hub import Hub

# Of the domain, not of an entry: nodes dial in before there is one.
DATA_HUB: HassKey[Hub] = HassKey(DOMAIN)

PATH = f"/api/{DOMAIN}/v1/node"


class NodeView(HomeAssistantView):
    """A WebSocket for nodes.

    It asks for no Home Assistant login: nodes have none. The handshake behind it trusts nobody.
    """

    url = PATH
    name = f"api:{DOMAIN}:node"
    requires_auth = False

    def __init__(self, hub: Hub) -> None:
        """Hand callers to `hub`."""
        self._hub = hub

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Serve one caller until it hangs up."""
        if hdrs.ORIGIN in request.headers:
            # Every browser says where its page came from, no node does: no web page that somebody
            # looks at shall play a node from inside the house.
            return web.Response(status=HTTPStatus.FORBIDDEN)
        link = WebSocketLink(heartbeat=self._hub.limits.heartbeat_s, largest=FRAME_BYTES_MAX)
        response = await link.open(request)
        await self._hub.async_receive(link)
        return response


@singleton(DATA_HUB, async_=True)
async def async_get_hub(hass: HomeAssistant) -> Hub:
    """The hub, listening at its address, to a broker and for Bluetooth if they are there.

    Set-up and config flows both call it: the first node of all dials in before there is an entry.
    """
    hub = Hub(hass)
    await hub.async_start()
    hass.http.register_view(NodeView(hub))
    Broker(hass, hub).async_follow()
    hub.bluetooth = Bluetooth(hass, hub)
    hub.bluetooth.async_follow()
    return hub
