"""Time that nobody can set."""

import time
from pathlib import Path

import pytest

from custom_components.plant_vita.watering import clock


def test_the_steady_clock_goes_on_and_takes_no_notice_of_the_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = clock.moment("b")
    monkeypatch.setattr(time, "time", lambda: 0.0)
    after = clock.moment("b")
    assert after.wall == 0.0
    assert before.steady <= after.steady < before.steady + 5
    assert after.boot_id == "b"
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    assert abs(after.steady - uptime) < 5


def test_the_start_of_the_machine_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(clock.read_boot_id()) == 36
    monkeypatch.setattr(clock, "_BOOT_ID", Path("/nowhere/boot_id"))
    assert clock.read_boot_id() == ""


def test_without_such_a_clock_the_usual_one_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_CLOCK", None)
    monkeypatch.setattr(time, "monotonic", lambda: 12.5)
    assert clock.steady_s() == 12.5
