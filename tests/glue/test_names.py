"""Unique ids and labels of channels."""

from dataclasses import replace

import pytest

from custom_components.plant_vita.glue.names import channel_label, channel_unique_id, node_title
from custom_components.plant_vita.model.node import Channel, NodeInfo


def info(*channels: tuple[int, str, str | None]) -> NodeInfo:
    return NodeInfo(
        hardware_id="a4cf12000001",
        model="esp32dev",
        firmware="0.1.0",
        boot="0badcafe",
        uptime_ms=0,
        every=60,
        sleeps=False,
        name=None,
        channels=tuple(
            Channel(index=index, kind=kind, label=label) for index, kind, label in channels
        ),
    )


def labels(node: NodeInfo) -> list[str | None]:
    return [channel_label(node, channel) for channel in node.channels]


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        ([(0, "m", None), (1, "t", None)], [None, None]),
        ([(0, "m", None), (1, "t", None), (5, "m", None)], ["1", None, "2"]),
        ([(0, "m", "Basil"), (1, "m", None)], ["Basil", "2"]),
        ([(0, "m", "Basil")], ["Basil"]),
    ],
)
def test_labels(channels: list[tuple[int, str, str | None]], expected: list[str | None]) -> None:
    assert labels(info(*channels)) == expected


def test_ids_tell_index_kind_and_role_apart() -> None:
    ids = {
        channel_unique_id("node", 1, "m"),
        channel_unique_id("node", 11, "m"),
        channel_unique_id("node", 1, "t"),
        channel_unique_id("node", 1, "m", "calibrate_dry"),
    }
    assert ids == {"node_1_m", "node_11_m", "node_1_t", "node_1_m_calibrate_dry"}


def test_a_node_is_called_by_its_name_or_by_what_it_is() -> None:
    assert node_title(replace(info(), name="Sill")) == "Sill"
    assert node_title(info()) == "esp32dev 0001"
