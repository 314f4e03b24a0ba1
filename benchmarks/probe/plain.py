"""The least a WebSocket into Home Assistant can do: JSON in, six states out, nothing checked."""

import orjson
from aiohttp import WSMsgType, web
from homeassistant.helpers.http import HomeAssistantView

from .sensor import Sensors


class PlainView(HomeAssistantView):
    """A node says its index, then sends readings; no authentication, no limits, no disk."""

    url = "/api/bench_probe/plain"
    name = "api:bench_probe:plain"
    requires_auth = False

    def __init__(self, sensors: Sensors) -> None:
        """Write into these."""
        self._sensors = sensors

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Serve one node."""
        link = web.WebSocketResponse(compress=False)
        await link.prepare(request)
        sensors = self._sensors.nodes[int((await link.receive()).data)]
        while (message := await link.receive()).type is WSMsgType.BINARY:
            values = orjson.loads(message.data)["r"].values()
            for sensor, value in zip(sensors, values, strict=True):
                sensor.set(value)
        return link
