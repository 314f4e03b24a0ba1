import json

from custom_components.plant_vita.model.node import Channel, NodeInfo
from custom_components.plant_vita.model.stored import as_stored, from_stored

INFO = NodeInfo(
    hardware_id="a4cf12000001",
    model="esp32dev",
    firmware="0.1.0",
    boot="0badf00d",
    uptime_ms=1200,
    every=60,
    sleeps=True,
    name="Sill",
    channels=(Channel(index=0, kind="m", label="Basil"), Channel(index=4, kind="pump")),
)


def test_what_is_stored() -> None:
    assert as_stored(INFO) == {
        "hardware_id": "a4cf12000001",
        "model": "esp32dev",
        "firmware": "0.1.0",
        "every": 60,
        "sleeps": True,
        "name": "Sill",
        "channels": [[0, "m", "Basil"], [4, "pump", None]],
    }


def test_a_reboot_is_no_change_of_the_description() -> None:
    rebooted = NodeInfo(
        hardware_id="a4cf12000001",
        model="esp32dev",
        firmware="0.1.0",
        boot="11111111",
        uptime_ms=5,
        every=60,
        sleeps=True,
        name="Sill",
        channels=INFO.channels,
    )
    assert as_stored(rebooted) == as_stored(INFO)


def test_it_survives_the_disk() -> None:
    back = from_stored(json.loads(json.dumps(as_stored(INFO))))
    assert back == NodeInfo(
        hardware_id="a4cf12000001",
        model="esp32dev",
        firmware="0.1.0",
        boot="",
        uptime_ms=0,
        every=60,
        sleeps=True,
        name="Sill",
        channels=(Channel(index=0, kind="m", label="Basil"), Channel(index=4, kind="pump")),
    )
    assert as_stored(back) == as_stored(INFO)
