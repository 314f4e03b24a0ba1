"""How the things of a node are called in Home Assistant's registries."""

from ..model.node import Channel, NodeInfo


def node_title(info: NodeInfo) -> str:
    """What the entry of a node is called at first."""
    return info.name or f"{info.model} {info.hardware_id[-4:]}"


def channel_unique_id(hardware_id: str, index: int, kind: str, role: str | None = None) -> str:
    """The unique id of the entity that stands for one channel, or for one `role` of it.

    The kind is part of it: a channel that is rewired to measure something else is another entity.
    """
    return "_".join(filter(None, (hardware_id, str(index), kind, role)))


def channel_label(info: NodeInfo, channel: Channel) -> str | None:
    """What tells this channel from its siblings.

    Its label, else its number among its kind, else None.
    """
    if channel.label:
        return channel.label
    siblings = [other.index for other in info.channels if other.kind == channel.kind]
    return str(siblings.index(channel.index) + 1) if len(siblings) > 1 else None
