"""The Arduino's tables are those of the product and of the ESP32's firmware."""

import re

import pytest

from custom_components.plant_vita.model.quantity import KINDS, LONGEST_MS, ActuatorKind
from scripts import generate_tables


@pytest.mark.parametrize("name", generate_tables.FILES)
def test_the_file_is_what_would_be_written(name):
    assert (generate_tables.FOLDER / name).read_text() == generate_tables.FILES[name]()


def test_what_can_hang_on_an_arduino_has_its_row():
    rows = re.findall(r'^    \{"(\w+)", ', generate_tables.table(), re.MULTILINE)
    assert rows == ["m", "t", "h", "lx", "tank", "leak", "pump", "light"]
    assert set(rows) <= KINDS
    assert '    {"m", 1, 15, 100, 1000, 1800, 1000, 2000},\n' in generate_tables.table()


def test_kinds_stand_in_the_order_of_their_rows():
    header = generate_tables.header()
    [names] = re.findall(r"enum class Kind : uint8_t \{\n  kNone,\n(.*?),\n\}", header, re.DOTALL)
    assert names.split(",\n  ")[0].strip() == "kMoisture"
    assert names.split(",\n  ")[-4:] == ["kTank", "kLeak", "kPump", "kLight"]


def test_limits_agree_wherever_they_are_written():
    header = generate_tables.header()
    assert f"kPumpMsMax = {LONGEST_MS[ActuatorKind.PUMP]};" in header
    assert f"kLightMsMax = {LONGEST_MS[ActuatorKind.LIGHT]};" in header
    for line in ("kPumpMsMax = 30000;", "kPumpBudgetMs = 120000;", "kSoakMs = 60000;"):
        assert line in header


def test_constants_are_read_without_running_the_module(tmp_path):
    source = tmp_path / "m.py"
    source.write_text("import no_such_thing\nA = 1\nB, C = 2, (3, 4)\nD = print('never')\n")
    assert generate_tables.constants(source) == {"A": 1, "B": 2, "C": (3, 4)}
