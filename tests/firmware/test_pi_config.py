"""What a person may write about a Raspberry Pi node, and what is said to a slip in it."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.firmware import pi_rig

pi_rig.package()
from plant_vita_node import announcement, config  # noqa: E402 - the path is set now
from plant_vita_node.config import ConfigError, Part  # noqa: E402 - as above

EXAMPLE = pi_rig.FOLDER / "node.toml"

WHOLE = """
name = "Balcony"
url = "https://home.example:8123"
converter = "ads1115"
button = 24
led = 25
[[part]]
kind = "soil"
channel = 3
label = "Basil"
[[part]]
kind = "pump"
pin = 17
active = 0
[[part]]
kind = "sht3x"
address = 0x45
[[part]]
kind = "bh1750"
[[part]]
kind = "leak"
pin = 4
[[part]]
kind = "camera"
flash = 27
flip = true
mirror = false
"""


def test_everything_is_taken_over():
    read = config.parse(WHOLE)
    assert read.settings == {"name": "Balcony", "url": "https://home.example:8123"}
    assert (read.converter, read.button, read.led) == ("ads1115", 24, 25)
    assert read.parts == (
        Part(kind="soil", options={"pin": 67}, label="Basil"),
        Part(kind="pump", options={"pin": 17, "active": 0}, label=""),
        Part(kind="sht3x", options={"address": 0x45}, label=""),
        Part(kind="bh1750", options={}, label=""),
        Part(kind="leak", options={"pin": 4}, label=""),
        Part(kind="camera", options={"flash": 27, "flip": 1, "mirror": 0}, label=""),
    )
    assert config.outputs(read) == {17: 1, 27: 0}


def test_an_empty_file_is_a_node_with_nothing_fitted():
    assert config.parse("") == config.Config()


def test_the_example_is_good_as_it_is_and_with_every_line_in_force():
    text = EXAMPLE.read_text()
    assert config.parse(text).settings == {"name": "Raspberry Pi"}
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    whole = [line for line in lines if line.startswith("[[") or (" = " in line and "`" not in line)]
    read = config.parse("\n".join(whole))
    assert [part.kind for part in read.parts] == ["soil", "pump", "tank", "bme280"]
    assert (read.converter, read.button, read.led) == ("mcp3008", 24, 25)


CAMERA = '[[part]]\nkind = "camera"\n'
PUMP = '[[part]]\nkind = "pump"\npin = '
SOIL = '[[part]]\nkind = "soil"\nchannel = '


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "not TOML"),
        ("colour = 1", "no such key 'colour', only name, url"),
        ('name = ""', "name: a text of at most 32"),
        (f'name = "{33 * "x"}"', "name: a text of at most 32"),
        ("url = 5", "url: a text"),
        ('converter = "hx711"', "converter: one of mcp3008, ads1115"),
        ("part = 5", r"\[\[part\]\]"),
        ("[[part]]\npin = 4", "part 1: kind is one of pump, light"),
        ('[[part]]\nkind = "dht22"', "part 1: kind is one of"),
        ('[[part]]\nkind = ["pump"]', "part 1: kind is one of"),
        ('converter = ["mcp3008"]', "converter: one of"),
        ('[[part]]\nkind = "pump"', r"part 1 \(pump\): pin is missing"),
        (PUMP + '"17"', "a number from 4 to 27"),
        (PUMP + "true", "a number from 4 to 27"),
        (PUMP + "2", "a number from 4 to 27"),
        (PUMP + "28", "a number from 4 to 27"),
        (PUMP + "8", "GPIO 8 is pulled up while the Pi starts"),
        (PUMP + "17\nactive = 2", "active: a number from 0 to 1"),
        (PUMP + "17\nspeed = 2", "no such key 'speed', only kind, label, pin, active"),
        (PUMP + "17\n" + PUMP + "17", "GPIO 17 is used twice"),
        ("button = 17\n" + PUMP + "17", "GPIO 17 is used twice"),
        ('converter = "mcp3008"\n' + PUMP + "11", "GPIO 11 belongs to the MCP3008"),
        (CAMERA + "flip = 1", "flip: true or false"),
        (CAMERA + "flash = 7", "GPIO 7 is pulled up"),
        (CAMERA + "flash = 17\n" + PUMP + "17", "GPIO 17 is used twice"),
        (CAMERA + CAMERA, "at most 1 of the kind camera"),
        (SOIL + "0", "name a converter"),
        ('converter = "ads1115"\n' + SOIL + "4", "channel: a number from 0 to 3"),
        ('converter = "mcp3008"\n' + SOIL + "1\n" + SOIL + "1", "channel 1 is used twice"),
        ('[[part]]\nkind = "bme280"\n[[part]]\nkind = "sht3x"', "one part for the temperature"),
        ('[[part]]\nkind = "bh1750"\n' * 2, "at most one bh1750"),
        ("".join(f"{PUMP}{pin}\n" for pin in range(12, 21)), "at most 8 of the kind pump"),
    ],
)
def test_a_slip_is_said_in_words(text, said):
    with pytest.raises(ConfigError, match=said):
        config.parse(text)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        config.load(tmp_path / "nowhere.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"bytes\.toml"):
        config.load(tmp_path / "bytes.toml")


@pytest.mark.parametrize("command", ["check", "run"])
def test_the_command_says_it_and_is_not_started_again(tmp_path, command):
    place = tmp_path / "node.toml"
    place.write_text(PUMP + "2")
    ran = subprocess.run(
        [sys.executable, pi_rig.FOLDER / "start.py", command],
        env={"PLANT_VITA_NODE_CONFIG": str(place), "STATE_DIRECTORY": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stderr) == (78, "")
    assert f"{place}: part 1 (pump): pin: the GPIO number" in ran.stdout
    service = (pi_rig.FOLDER / "plant-vita-node.service").read_text()
    assert "RestartPreventExitStatus=78\n" in service


def test_nothing_driven_before_the_first_run_is_nothing_to_switch_off(tmp_path):
    ran = subprocess.run(
        [sys.executable, pi_rig.FOLDER / "start.py", "off"],
        env={"STATE_DIRECTORY": str(tmp_path)},
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0


class TestAnnouncement:
    """docs/protocol.md has what Home Assistant looks for; avahi.service(5) how it is written."""

    def test_it_says_who_is_here(self, tmp_path):
        assert announcement.announce("a4cf12000001", "Herbs & <more>", tmp_path)
        [place] = tmp_path.iterdir()
        assert place.name == "plant-vita-node.service"
        assert '<!DOCTYPE service-group SYSTEM "avahi-service.dtd">' in place.read_text()
        group = ET.parse(place).getroot()
        service = group.find("service")
        assert group.findtext("name") == "Plant Vita node on %h"
        assert f"{service.findtext('type')}.local." in manifest()["zeroconf"]
        assert [record.text for record in service.findall("txt-record")] == [
            "id=a4cf12000001",
            "name=Herbs & <more>",
        ]

    def test_another_name_replaces_it_and_the_same_leaves_it(self, tmp_path):
        for name in ("Herbs", "Herbs", ""):
            announcement.announce("a4cf12000001", name, tmp_path)
            [place] = tmp_path.iterdir()
            assert ("name=Herbs" in place.read_text()) == bool(name)

    def test_where_nobody_announces_nothing_is_written(self, tmp_path):
        assert not announcement.announce("a4cf12000001", "", tmp_path / "services")
        assert list(tmp_path.iterdir()) == []


def manifest():
    return json.loads((pi_rig.rig.ROOT / "custom_components/plant_vita/manifest.json").read_text())


@pytest.mark.parametrize("name", ["plant-vita-node.service", "install.sh"])
def test_the_places_are_the_same_everywhere(name):
    text = (pi_rig.FOLDER / name).read_text()
    assert "/usr/local/lib/plant-vita-node" in text
    assert str(Path("/var/lib/plant-vita-node")) in text
    if name == "install.sh":
        assert f"settings={config.PLACE}\n" in text
        assert subprocess.run(["bash", "-n", pi_rig.FOLDER / name], check=False).returncode == 0
