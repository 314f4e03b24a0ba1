"""Battery nodes: wake, measure, dial, tell, listen for a moment, sleep.

What must outlive deep sleep is in RTC memory, which a power cut empties. The real clock of a
sleeping ESP32 is off by a few percent: readings are dated with the sleep as planned, the budget's
clock counts less of it.
"""

import json
from binascii import crc32

from plantnode import clock

_LINGER_MS = 3_000
_AWAKE_MS = 120_000  # after a power-up a person may want to pair it, or type at its console
_SHARE = 16  # the lifetime clock leaves out one part in this many


def recall(machine) -> dict:
    """What the node knew before it went to sleep: b, n, u, l; empty after any other reset."""
    if machine.reset_cause() != machine.DEEPSLEEP_RESET:
        return {}
    try:
        sheet = json.loads(bytes(machine.RTC().memory()))
        kept = json.loads(sheet["body"])
        if crc32(sheet["body"].encode()) != sheet["crc"]:
            return {}
        slept = kept["s"]
        if getattr(machine, "wake_reason", None) and machine.wake_reason() != machine.TIMER_WAKE:
            slept = 0
        kept["u"] += slept
        kept["l"] += slept - slept // _SHARE
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return kept


class Sleeper:
    """Decides when a battery node may sleep."""

    def __init__(self, node, machine, *, woken: bool) -> None:
        self.node, self.machine, self.woken = node, machine, woken

    def wanted(self) -> bool:
        """Whether this node sleeps at all now."""
        if self.node.settings.get("sleep") not in (1, True):
            return False
        if self.node.wifi.unset() and self.node.beacon is None:
            return False  # only its cable can help it, and that needs it awake
        awake_enough = self.woken or clock.real_ms() > _AWAKE_MS
        return self.node.keys.paired() and awake_enough and not self._busy()

    def _busy(self) -> bool:
        outputs = self.node.outputs
        pumping = outputs.pumps.channel is not None
        talking = self.node.updates.under_way() or self.node.cameras.under_way()
        return pumping or bool(outputs.lights.ends) or talking

    async def linger(self) -> None:
        """Ends 3 s after Home Assistant's last word.

        Or half of that when nothing is left unconfirmed.
        """
        since = clock.real_ms()
        while True:
            done = self.node.backlog.empty() and not self.node.sender.pending()
            now = clock.real_ms()
            if done:
                since = now
            # What begins to wait only now, as the end of a pulse does, gets its time as well.
            silent = now - max(self.node.heard_ms, 0 if done else since)
            if self.wanted() and silent > (_LINGER_MS // 2 if done else _LINGER_MS):
                return
            await clock.pause_ms(100)

    def sleep(self) -> None:
        """Keep what must be kept and sleep until the next set of readings is due.

        Does not return.
        """
        node = self.node
        node.outputs.stop("link")
        node.backlog.keep(node.up(), everything=True)
        node.lifetime.save()
        ms = max(1000, node.every() * 1000 - clock.real_ms())
        kept = {
            "b": node.boot,
            "n": node.backlog.next_number,
            "u": node.up(),
            "l": node.lifetime.now(),
            "s": ms,
        }
        if node.beacon is not None:
            kept.update(node.beacon.keep())
            node.beacon.radio.off()
        body = json.dumps(kept)
        self.machine.RTC().memory(json.dumps({"crc": crc32(body.encode()), "body": body}).encode())
        node.wifi.down()
        self.machine.deepsleep(ms)
