"""A node's description as plain data, to be kept while the node is away."""

from typing import Any

from .node import Channel, NodeInfo


def as_stored(info: NodeInfo) -> dict[str, Any]:
    """What of `info` outlives a boot of the node; JSON types only."""
    return {
        "hardware_id": info.hardware_id,
        "model": info.model,
        "firmware": info.firmware,
        "every": info.every,
        "sleeps": info.sleeps,
        "name": info.name,
        "channels": [[channel.index, channel.kind, channel.label] for channel in info.channels],
    }


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
            Channel(index=index, kind=kind, label=label)
            for index, kind, label in stored["channels"]
        ),
    )
