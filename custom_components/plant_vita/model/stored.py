"""A node's description as plain data, to be kept while the node is away."""

from typing import Any

from .node import Channel, NodeInfo, Radio


def as_stored(info: NodeInfo) -> dict[str, Any]:
    """What of `info` outlives a boot of the node; JSON types only.

    What most nodes do not have is left out: the description of one that was kept by an earlier
    version stays the same.
    """
    stored = {
        "hardware_id": info.hardware_id,
        "model": info.model,
        "firmware": info.firmware,
        "every": info.every,
        "sleeps": info.sleeps,
        "name": info.name,
        "channels": [_stored_channel(channel) for channel in info.channels],
    }
    rare: dict[str, Any] = {"slots": info.slots, "image": info.image}
    if info.radio is not None:
        rare["radio"] = [info.radio.address.hex(), info.radio.salt.hex()]
    return {**stored, **{name: value for name, value in rare.items() if value}}


def _stored_channel(channel: Channel) -> list[Any]:
    stored = [channel.index, channel.kind, channel.label]
    return [*stored, channel.place] if channel.place else stored


def from_stored(stored: dict[str, Any]) -> NodeInfo:
    """The `NodeInfo` of what `as_stored` returned; its boot is empty, its uptime 0."""
    return NodeInfo(
        hardware_id=stored["hardware_id"],
        model=stored["model"],
        firmware=stored["firmware"],
        boot="",
        uptime_ms=0,
        every=stored["every"],
        sleeps=stored["sleeps"],
        name=stored["name"],
        channels=tuple(
            Channel(index=index, kind=kind, label=label, place=place[0] if place else None)
            for index, kind, label, *place in stored["channels"]
        ),
        slots=stored.get("slots", 0),
        image=stored.get("image"),
        radio=_radio(*stored.get("radio", ())),
    )


def _radio(address: str | None = None, salt: str | None = None) -> Radio | None:
    if address is None or salt is None:
        return None
    return Radio(address=bytes.fromhex(address), salt=bytes.fromhex(salt))
