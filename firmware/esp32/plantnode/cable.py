"""What a cable may ask of a network node (docs/protocol.md §9): who it is, and to join a Wi-Fi.

Nothing that moves water or light. A `join` is first written down as a whole, which is when it is
acknowledged, and carried out at the next start, before anything reads settings or key: a power cut
at any moment leaves the old node or the new one, or a new one that the next start completes.
"""

import json

from plantnode import files, lines, messages, pairing, settings, ws
from plantnode.messages import BadMessageError

NAME = "join.json"
_SSID_MAX, _PASSWORD_MAX, _URL_MAX = 32, 64, 128


def _text(value, low: int, high: int) -> str:
    """A text of so many bytes."""
    if not isinstance(value, str) or not low <= len(value.encode()) <= high:
        raise BadMessageError("text")
    return value


def checked(fields: dict) -> dict:
    """The parts of a `join` that are kept, each as it must be; raises BadMessageError."""
    kid, _ = messages.new_key(fields)
    url = fields.get("url")
    if url is not None:
        try:
            ws.Address(_text(url, 1, _URL_MAX))
        except ValueError:
            raise BadMessageError("url") from None
    return {
        "ssid": _text(fields.get("ssid"), 1, _SSID_MAX),
        "pw": _text(fields.get("pw"), 0, _PASSWORD_MAX),
        "url": url,
        "kid": kid,
        "k": fields["k"],
    }


def finish() -> None:
    """Carry out a `join` that was written down; one that can't be carried out now waits."""
    data = files.read(NAME)
    if data is None:
        return
    try:
        wanted = checked(json.loads(data))
    except (ValueError, AttributeError):
        files.remove(NAME)
        return
    network = {"ssid": wanted["ssid"], "password": wanted["pw"], "url": wanted["url"]}
    try:
        settings.load().change(network)
        pairing.replace(*messages.new_key(wanted))
    except OSError as error:
        print("join: can't be written:", error)
        return
    # Without this it would be done again after a rekey, so it is last, and the rest is done by now.
    files.remove(NAME)
    print("joined:", wanted["ssid"])


class Cable:
    """Answers the messages that come over the cable."""

    def __init__(self, node) -> None:
        self.node = node
        self.ignored = 0  # right lines that held nothing we know

    def hear(self, payload: bytes) -> None:
        """One message whose line was right."""
        answer = None
        try:
            answer = self._answer(messages.parse(payload, named_types=()))
        except ValueError:
            pass
        if answer is None:
            self.ignored += 1
        else:
            self.say(answer)

    def say(self, message: dict) -> None:
        """A message to the other end."""
        print(lines.framed(messages.encode(message)).decode())

    def hello(self) -> dict:
        """Who this is. Without the channels' labels, which would not fit; the network has them."""
        about = self.node.hello()
        about["ch"] = [entry[:2] for entry in about["ch"]]
        about["net"] = 1
        return about

    def _answer(self, fields: dict) -> dict | None:
        ping = fields["t"] == "cmd" and fields.get("op") == "ping"
        if "c" not in fields:
            return self.hello() if ping else None
        name = messages.named(fields)
        if fields["t"] == "join":
            return self._join(name, fields)
        return messages.ack(name, None if ping else "unknown", None)

    def _join(self, name: str, fields: dict) -> dict:
        try:
            files.write(NAME, json.dumps(checked(fields)).encode())
        except ValueError:
            return messages.ack(name, "bad", None)
        except OSError:
            return messages.ack(name, "busy", None)
        self.node.restarting = True
        return messages.ack(name, None, None)
