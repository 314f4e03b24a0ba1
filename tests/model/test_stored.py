import json
from dataclasses import replace

from custom_components.plant_vita.model.node import Channel, NodeInfo, Radio
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


WIRED = NodeInfo(
    hardware_id="avr00000001",
    model="uno",
    firmware="0.1.0",
    boot="",
    uptime_ms=0,
    every=60,
    sleeps=False,
    name=None,
    channels=(
        Channel(index=0, kind="m", place="A0"),
        Channel(index=1, kind="pump", label="Fern", place="!D7"),
    ),
    slots=8,
)


def test_where_it_is_wired_is_stored_too() -> None:
    stored = as_stored(WIRED)
    assert stored["channels"] == [[0, "m", None, "A0"], [1, "pump", "Fern", "!D7"]]
    assert stored["slots"] == 8
    assert from_stored(json.loads(json.dumps(stored))) == WIRED


def test_what_an_earlier_version_has_stored_is_still_the_same() -> None:
    earlier = {
        "hardware_id": "a4cf12000001",
        "model": "esp32dev",
        "firmware": "0.1.0",
        "every": 60,
        "sleeps": True,
        "name": "Sill",
        "channels": [[0, "m", "Basil"], [4, "pump", None]],
    }
    info = from_stored(earlier)
    assert (info.slots, info.joins) == (0, False)
    assert [channel.place for channel in info.channels] == [None, None]
    assert as_stored(info) == earlier


def test_the_kind_of_its_firmware_is_stored_too() -> None:
    stored = as_stored(replace(INFO, image="esp32"))
    assert stored["image"] == "esp32"
    assert from_stored(json.loads(json.dumps(stored))).image == "esp32"
    assert from_stored(as_stored(INFO)).image is None


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


def test_a_radio_outlives_a_start() -> None:
    radio = Radio(address=bytes.fromhex("a4cf12000003"), salt=bytes(range(8)))
    stored = as_stored(replace(INFO, radio=radio))
    assert stored["radio"] == ["a4cf12000003", "0001020304050607"]
    assert from_stored(json.loads(json.dumps(stored))).radio == radio
    assert from_stored(as_stored(INFO)).radio is None
