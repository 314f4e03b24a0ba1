"""ESPHome's own word on the configurations, and what its node does, built for this machine."""

import re
from pathlib import Path

import pytest

from scripts.environment.commands import SetUpError
from scripts.lab import esphome
from tests.namespace import run_inside

BOARDS = ("plant-node.yaml", "camera.yaml")


def test_the_configurations_are_right(tmp_path: Path):
    said = esphome.check(esphome.copied(tmp_path), *BOARDS)
    assert said.count("Configuration is valid!") == len(BOARDS)
    assert "deprecated" not in said.lower()
    # Pins that a board looks at while it starts make it fail on some boards.
    node = said[said.index("Processing plant-node.yaml") :]
    assert "strapping pin" not in node.partition("Processing")[2].partition("Processing")[0]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("pump_longest", "31s", "must be between 1 s and 30 s"),
        ("pump_longest", "0s", "must be between 1 s and 30 s"),
        ("pump_daily", "121s", "must be between 1 s and 120 s"),
    ],
)
def test_no_limit_can_be_set_higher(tmp_path: Path, name: str, value: str, words: str):
    with pytest.raises(SetUpError, match=re.escape(words)):
        esphome.check(esphome.copied(tmp_path), "simulated-node.yaml", changed={name: value})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("    restore_mode: ALWAYS_ON\n", "Unknown value 'ALWAYS_ON'"),
        ("    inverted: true\n", "not supported"),
        (
            "  - platform: plant_pump\n    name: Second\n    output: pump_pin\n",
            "two pumps cannot share an output",
        ),
    ],
)
def test_a_pump_cannot_be_made_unsafe(tmp_path: Path, line: str, words: str):
    place = "    longest: ${pump_longest}\n"
    text = (esphome.SOURCES / "common" / "plant.yaml").read_text()
    assert place in text
    folder = esphome.copied(tmp_path)
    (folder / "common" / "plant.yaml").write_text(text.replace(place, place + line))
    with pytest.raises(SetUpError, match=re.escape(words)):
        esphome.check(folder, "simulated-node.yaml")


def test_what_the_node_does(tmp_path: Path):
    esphome.built()
    run_inside(Path(__file__).with_name("esphome_inside.py"), tmp_path, [], within=240)
