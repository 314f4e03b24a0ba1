import sys
from collections.abc import Sequence

import pytest

from benchmarks import __main__ as benchmarks


def begin(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["benchmarks", *words])
    return benchmarks.main()


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("--at-once", "2"),
        ("--sample", "--write", "--at-once", "2"),
        ("--quick",),
        ("telemetry", "--sample", "--quick"),
    ],
)
def test_what_cannot_be_asked_for(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        begin(monkeypatch, *words)
    assert caught.value.code == 2


def test_one_that_fails_beside_others_is_heard(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # A process of its own takes names from its own list: what is unknown there fails.
    monkeypatch.setattr(benchmarks, "NAMES", (*benchmarks.NAMES, "nonsense"))
    assert begin(monkeypatch, "nonsense", "--sample", "--at-once", "2") == 1
    assert "unknown: nonsense" in capfd.readouterr().out


@pytest.mark.parametrize(("full", "ran"), [("", ["quick"]), ("1", ["slow", "quick"])])
def test_quick_ones_only_unless_in_full(
    monkeypatch: pytest.MonkeyPatch, full: str, ran: list[str]
) -> None:
    begun: list[str] = []

    def run(names: Sequence[str], _words: Sequence[str], _at_once: int) -> int:
        begun.extend(names)
        return 0

    monkeypatch.setenv("PLANT_VITA_FULL", full)
    monkeypatch.setattr(benchmarks, "NAMES", ("slow", "quick"))
    monkeypatch.setattr(benchmarks, "QUICK", ("quick",))
    monkeypatch.setattr(benchmarks, "_side_by_side", run)
    assert begin(monkeypatch, "--sample", "--quick", "--at-once", "2") == 0
    assert begun == ran


def test_the_quick_ones_are_among_all() -> None:
    assert set(benchmarks.QUICK) < set(benchmarks.NAMES)
