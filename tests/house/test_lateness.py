"""What was only too late is heard again, alone; what was wrong is not."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.testing.groups import Group, Step
from scripts.testing.runner import run_groups
from tests.house.python_files import ROOT

PYTEST = ("python", "-m", "pytest", "-q", "-p", "no:homeassistant", "-p", "tests.lateness")
TESTS = """\
from pathlib import Path
import pytest

seen = Path(__file__).with_name("seen")


def test_late_once():
    if not seen.exists():
        seen.touch()
        raise TimeoutError("not within 1 s")


@pytest.mark.skipif({always_late} is False, reason="-")
def test_always_late():
    raise TimeoutError("not within 1 s")


@pytest.mark.skipif({wrong} is False, reason="-")
def test_wrong():
    assert 1 == 2
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of this clone, as ids of tests are told from there."""
    (ROOT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as name:
        yield Path(name)


@pytest.mark.parametrize(
    ("always_late", "wrong", "again", "failed", "told"),
    [
        (False, False, PYTEST, 0, "too late, passed alone: {file}::test_late_once"),
        (True, False, PYTEST, 1, "; alone: exit code 1"),
        (False, True, PYTEST, 1, "exit code 1: "),
        (False, False, (), 1, "exit code 1: "),
    ],
)
def test_a_second_hearing(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    always_late: bool,
    wrong: bool,
    again: tuple[str, ...],
    failed: int,
    told: str,
) -> None:
    monkeypatch.setattr("scripts.testing.runner.prepare", lambda **_: None)
    monkeypatch.setattr("scripts.testing.runner.FAILURES", folder / "failures.json")
    file = folder / "test_it.py"
    file.write_text(TESTS.format(always_late=always_late, wrong=wrong))
    name = str(file.relative_to(ROOT))
    group = Group(name="g", summary="-", steps=(Step(command=(*PYTEST, name), again=again),))
    assert run_groups([group], full=False) == failed
    output = capsys.readouterr().out
    assert told.format(file=name) in output
    assert ("once more and alone" in output) is (not wrong and again != ())
