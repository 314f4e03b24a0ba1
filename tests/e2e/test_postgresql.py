"""What touches the recorder, with PostgreSQL as its database: the same tests as with SQLite."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from benchmarks.postgresql import server

ROOT = Path(__file__).resolve().parents[2]
TAKES_S = 40
WITHIN_S = 280
# In full all of them; a sample shows that each statement of ours is understood.
SUITES = (
    "tests/plants/test_recorded.py",
    "tests/actions/test_history.py",
    "tests/glue/test_statistics.py",
    "tests/glue/test_recorded.py",
    "tests/watering/test_water_view.py",
    "tests/test_logbook.py",
)
SAMPLE = (
    "tests/plants/test_recorded.py::test_hours_are_as_the_recorder_has_them",
    "tests/plants/test_recorded.py::test_what_was_read_is_not_read_again",
    "tests/plants/test_recorded.py::test_an_hour_that_has_passed_since_is_seen",
    "tests/plants/test_recorded.py::test_what_has_no_mean_or_no_extremes",
    "tests/actions/test_history.py::test_hours_of_the_recorder_and_what_was_done",
    "tests/watering/test_water_view.py",
)


@pytest.fixture
def database() -> Iterator[str]:
    with server() as url:
        yield url


def run_with(*words: str, **environment: str) -> str:
    """Run tests in a process of their own; what it says, which must be that they passed."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *words],
        env=os.environ | environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=WITHIN_S,
    )
    assert ran.returncode == 0, ran.stdout[-8000:]
    return ran.stdout


def test_the_suites_of_the_recorder_pass(database: str, full_campaign: bool) -> None:
    chosen = SUITES if full_campaign else SAMPLE
    said = run_with(*chosen, f"--dburl={database}", "--drop-existing-db")
    assert "skipped" not in said


def test_a_home_assistant_on_it_has_every_hour(database: str, full_campaign: bool) -> None:
    if not full_campaign:
        pytest.skip("with PLANT_VITA_FULL=1")
    gap = "tests/e2e/test_gap.py"
    run_with("-p", "no:homeassistant", gap, PLANT_VITA_DATABASE=database)
    with contextlib.closing(psycopg2.connect(database)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM statistics")
        (hours,) = cursor.fetchone()
    assert hours > 0
