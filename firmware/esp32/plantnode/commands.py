"""One command of Home Assistant: look at it, do it or say why not (docs/protocol.md §5, §6)."""

from plantnode import limits, messages
from plantnode.messages import BadMessageError

_NEVER_TWICE = ("on", "level", "cal", "config", "restart")


class Commands:
    """`run` gives the acknowledgement; it never raises for anything Home Assistant can say."""

    def __init__(self, node) -> None:
        self.node = node
        self.answered = []  # [id, answer] of what ran in this boot
        self.doers = {
            "on": self._on,
            "off": self._off,
            "level": self._level,
            "stop": self._stop,
            "ping": self._ping,
            "identify": self._identify,
            "restart": self._restart,
            "config": self._config,
            "cal": self._calibrate,
        }

    def run(self, fields: dict) -> dict:
        """The `ack` of a command."""
        name, op = fields["c"], fields.get("op")
        if not isinstance(op, str):
            return messages.ack(name, "bad", None)
        if op not in self.doers:
            return messages.ack(name, "unknown", None)
        if op in _NEVER_TWICE:
            before = self._before(name)
            if before:
                return before
        try:
            error, retry = self.doers[op](name, fields) or (None, None)
        except BadMessageError:
            error, retry = "bad", None
        except OSError:
            error, retry = "busy", None  # what can't be written down is not done
        answer = messages.ack(name, error, retry)
        if error is None and op in _NEVER_TWICE:
            self.answered = (self.answered + [[name, answer]])[-limits.IDS_KEPT :]
        return answer

    def _before(self, name: str) -> dict | None:
        for known, answer in self.answered:
            if known == name:
                return answer
        if self.node.ledger.ran(name):
            return messages.ack(name, "repeat", None)
        return None

    def _channel(self, fields: dict) -> int:
        return messages.whole(fields.get("ch"), 0, 63)

    def _on(self, name: str, fields: dict) -> tuple | None:
        channel, ms = self._channel(fields), fields.get("ms")
        if self.node.updates.installing():
            return "busy", None  # a reset is near
        if channel in self.node.outputs.pumps.outputs:
            self.node.cameras.make_way()
            return self.node.outputs.pumps.on(name, channel, ms)
        if channel not in self.node.outputs.lights.dimmers:
            return "unknown", None
        lights, level = self.node.outputs.lights, fields.get("lv")
        error = lights.refusal(ms, level)
        if error:
            return error, None
        self.node.ledger.note(name)
        lights.on(name, channel, ms, level)
        return None

    def _off(self, name: str, fields: dict) -> tuple | None:
        channel = self._channel(fields)
        outputs = self.node.outputs
        if channel not in outputs.pumps.outputs and channel not in outputs.lights.dimmers:
            return "unknown", None
        outputs.stop_one(channel, "cmd", name)
        return None

    def _level(self, name: str, fields: dict) -> tuple | None:
        channel = self._channel(fields)
        if channel not in self.node.outputs.lights.dimmers:
            return "unknown", None
        self.node.outputs.lights.level(name, channel, fields.get("lv"))
        return None

    def _stop(self, name: str, fields: dict) -> None:
        """Never refused: a channel that makes no sense stops everything."""
        channel = fields.get("ch")
        outputs = self.node.outputs
        if type(channel) is int and (
            channel in outputs.pumps.outputs or channel in outputs.lights.dimmers
        ):
            outputs.stop_one(channel, "stop", name)
        else:
            outputs.stop("stop", name)

    def _ping(self, _name: str, _fields: dict) -> None:
        pass

    def _identify(self, _name: str, _fields: dict) -> None:
        self.node.led.identify()

    def _restart(self, name: str, _fields: dict) -> None:
        self.node.outputs.stop("cmd", name)
        self.node.ledger.note(name)  # or it would restart for ever
        self.node.restarting = True

    def _config(self, _name: str, fields: dict) -> tuple | None:
        change = fields.get("set")
        if not isinstance(change, dict):
            raise BadMessageError("set")
        if "ch" not in fields:
            self._rhythm(change)
            return None
        channel = self._channel(fields)
        if channel not in [known.index for known in self.node.board.channels]:
            return "unknown", None
        tuning = _tuning(change)
        settings = self.node.settings
        kept = dict(settings.get("tuning", {}))
        kept.pop(str(channel), None)
        if tuning:
            kept[str(channel)] = tuning
        settings.put("tuning", kept)
        self.node.sampler.configure(channel, tuning)
        return None

    def _rhythm(self, change: dict) -> None:
        rhythm = {}
        for key, (low, high) in (("every", limits.EVERY_S), ("sample", limits.SAMPLE_S)):
            if key in change:
                rhythm[key] = messages.whole(change[key], low, high)
        if not rhythm:
            raise BadMessageError("set")
        for key, value in rhythm.items():
            self.node.settings.put(key, value)
        self.node.sampler.configure(None, rhythm)

    def _calibrate(self, name: str, fields: dict) -> tuple | None:
        change = fields.get("set")
        at = change.get("at") if isinstance(change, dict) else None
        if at not in ("dry", "wet"):
            raise BadMessageError("at")
        channel = self._channel(fields)
        if channel not in [known.index for known in self.node.board.channels]:
            return "unknown", None
        self.node.ledger.note(name)
        try:
            self.node.sampler.calibrate(channel, at)
        except ValueError:
            return "fault", None  # the probe has no number now, or the points lie too close
        return None


def _tuning(change: dict) -> dict:
    """Median window, dead-band and heartbeat, checked."""
    tuning = {}
    if "med" in change:
        tuning["med"] = messages.whole(change["med"], 1, 31)
        if tuning["med"] % 2 == 0:
            raise BadMessageError("med")
    if "db" in change:
        band = change["db"]
        if type(band) not in (int, float) or not 0 <= band <= 200_000:
            raise BadMessageError("db")
        tuning["db"] = band
    if "hb" in change:
        tuning["hb"] = messages.whole(change["hb"], *limits.EVERY_S)
    return tuning
