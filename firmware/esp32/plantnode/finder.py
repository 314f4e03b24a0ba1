"""Where Home Assistant is.

The address written when the node was flashed, or whoever answers mDNS.
"""

import os
import sys

from plantnode import mdns

SERVICE = "_home-assistant._tcp.local."
PATH = "/api/plant_vita/v1/node"
_WAIT_MS = 2000


class Candidate:
    """One way to reach one Home Assistant."""

    def __init__(self, url: str, uuid: str = "", host: str | None = None) -> None:
        self.url, self.uuid, self.host = url, uuid, host


def candidates(found: list) -> list:
    """The ways the records of an mDNS answer tell of, each Home Assistant's own address first."""
    hosts = {name: value for name, kind, value in found if kind == mdns.A}
    services = {name: value for name, kind, value in found if kind == mdns.SRV}
    texts = {name: value for name, kind, value in found if kind == mdns.TXT}
    ways = []
    for _, kind, name in found:
        if kind != mdns.PTR or name not in texts:
            continue
        text = texts[name]
        uuid = text.get("uuid", "")[:64]
        urls = []
        if name in services and services[name][1] in hosts:
            port, host = services[name]
            urls.append("http://{}:{}".format(hosts[host], port))
        for key in ("internal_url", "base_url"):
            urls += [text[key]] if text.get(key) else []
        for url in urls:
            if url not in [way.url for way in ways]:
                ways.append(Candidate(url, uuid))
    return ways


class Finder:
    """Gives one candidate at a time; those that failed go to the end of the line."""

    def __init__(self, settings, keys) -> None:
        self.settings, self.keys = settings, keys
        self.line = []
        self.turn = -1

    def _target(self) -> tuple:
        place = self.settings.text("mdns", 64)
        host, _, port = place.partition(":")
        return (host, int(port or 5353)) if host else mdns.GROUP

    async def next(self) -> Candidate | None:
        """The next one to try, or None if nobody answers."""
        told = [url for url in [self.settings.text(key, 256) for key in ("url", "mqtt")] if url]
        if told:
            # The one after the one that failed; `keep` has set back what worked.
            self.turn += 1
            return Candidate(told[self.turn % len(told)])
        if not self.line:
            found = await mdns.ask(mdns.query(SERVICE, mdns.PTR), self._target(), _WAIT_MS)
            ways = candidates(found)
            ours = [way for way in ways if way.uuid and way.uuid == self.keys.home]
            self.line = ours + [way for way in ways if way not in ours]
        return self.line.pop(0) if self.line else None

    def keep(self, way: Candidate) -> None:
        """This one worked: try it first again."""
        self.line = [way]
        self.turn -= 1

    async def address(self, host: str, nameserver: str) -> str:
        """A numeric address for `host`, or an empty text.

        An ESP32 must not block its main loop for it.
        """
        if not host.strip("0123456789.") or ":" in host:
            return host
        found = []
        if host.endswith(".local"):
            found = await mdns.ask(mdns.query(host, mdns.A), self._target(), _WAIT_MS)
        elif nameserver and sys.platform == "esp32":
            number = int.from_bytes(os.urandom(2), "big")
            packet = mdns.query(host, mdns.A, number, recursive=True)
            found = await mdns.ask(packet, (nameserver, 53), _WAIT_MS)
        for _, kind, value in found:
            if kind == mdns.A:
                return value
        # The ESP32's own resolver would hold the main loop for longer than the watchdog waits.
        return "" if sys.platform == "esp32" else host
