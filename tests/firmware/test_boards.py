"""The boards' data against what each chip can do."""

import pytest

from firmware.simulator.world import board_data
from tests.firmware import rig

rig.plantnode()
from plantnode import boards  # noqa: E402

LISTS = ("soil", "battery", "dht", "pump", "light", "tank", "leak")
# From the datasheets of the chips, written down a second time on purpose.
ADC1 = {"esp32dev": set(range(32, 40)), "esp32s3": set(range(1, 11)), "esp32c3": set(range(5))}
STRAPPING = {"esp32dev": {0, 2, 5, 12, 15}, "esp32s3": {0, 3, 45, 46}, "esp32c3": {2, 8, 9}}
INPUT_ONLY = {"esp32dev": {34, 35, 36, 37, 38, 39}, "esp32s3": set(), "esp32c3": set()}
RESERVED = {
    "esp32dev": {1, 3, *range(6, 12)},
    "esp32s3": {19, 20, *range(26, 38), 43, 44},
    "esp32c3": set(range(11, 20)),
}
GPIO = {
    "esp32dev": set(range(40)) - {20, 24, 28, 29, 30, 31},
    "esp32s3": set(range(49)) - set(range(22, 26)),
    "esp32c3": set(range(22)),
}
TWITCH = {"esp32dev": {14}, "esp32s3": {*range(1, 15), 17, 18}, "esp32c3": set()}
# From the schematics of the boards with a camera: its pins, the PSRAM's and the card's.
CAMERAS = {
    "esp32cam": ("esp32dev", {0, 5, 18, 19, 21, 22, 23, 25, 26, 27, 32, 34, 35, 36, 39, 16, 17}),
    "esp32s3cam": ("esp32s3", {*range(4, 14), 15, 16, 17, 18, 38, 39, 40}),
}
for board, (chip, wired) in CAMERAS.items():
    for table in (ADC1, STRAPPING, INPUT_ONLY, GPIO, TWITCH):
        table[board] = table[chip]
    RESERVED[board] = RESERVED[chip] | wired


def used(data):
    pins = [pin for name in LISTS for pin in data[name]]
    flash = [data["flash"]] if "flash" in data else []
    return [*pins, data["button"], data["led"], *bus(data), *flash]


def outputs(data):
    return [*data["pump"], *data["light"], data["led"], *bus(data)]


def bus(data):
    return [data["i2c"]["sda"], data["i2c"]["scl"]] if data["i2c"] else []


@pytest.mark.parametrize("name", boards.NAMES)
class TestBoard:
    def test_knows_its_name(self, name):
        assert board_data(name)["model"] == name

    def test_no_pin_twice(self, name):
        pins = used(board_data(name))
        assert len(pins) == len(set(pins))

    def test_every_pin_exists_and_is_free(self, name):
        pins = set(used(board_data(name)))
        assert pins <= GPIO[name]
        assert not pins & RESERVED[name]
        assert not pins & STRAPPING[name]

    def test_analogue_parts_are_on_adc1(self, name):
        data = board_data(name)
        assert {*data["soil"], *data["battery"]} <= ADC1[name]

    def test_outputs_are_on_pins_that_can(self, name):
        assert not set(outputs(board_data(name))) & INPUT_ONLY[name]

    def test_pumps_do_not_twitch_when_the_chip_starts(self, name):
        assert not set(board_data(name)["pump"]) & TWITCH[name]

    def test_contacts_have_a_pull_up(self, name):
        data = board_data(name)
        assert not {*data["tank"], *data["leak"], data["button"]} & INPUT_ONLY[name]

    def test_what_the_chip_refuses_is_in_the_data(self, name):
        chip = board_data(name)["chip"]
        assert set(chip["strapping"]) == STRAPPING[name]
        assert set(chip["input_only"]) == INPUT_ONLY[name] - {37, 38}  # not on the board's header
        assert set(chip["taken"]) >= RESERVED[name]

    def test_a_camera_has_all_its_pins(self, name):
        wiring = board_data(name).get("camera")
        assert (wiring is not None) == (name in CAMERAS)
        if wiring:
            named = [wiring[key] for key in wiring if key != "data_pins"] + wiring["data_pins"]
            assert len(wiring["data_pins"]) == 8
            assert len(named) == len(set(named))
            assert set(named) <= CAMERAS[name][1]
            # Its clock needs the hardware that dims.
            assert not board_data(name)["light"]

    def test_has_soil_a_pump_and_a_button(self, name):
        data = board_data(name)
        assert data["soil"] or name == "esp32cam"
        assert data["pump"]
        assert data["button"] is not None
