"""How the things of a node are called in Home Assistant's registries."""


def channel_unique_id(hardware_id: str, index: int) -> str:
    """The unique id of the entity that stands for one channel."""
    return f"{hardware_id}_{index}"
