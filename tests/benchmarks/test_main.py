import sys

import pytest

from benchmarks import __main__ as benchmarks


def begin(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["benchmarks", *words])
    return benchmarks.main()


@pytest.mark.parametrize(
    "words",
    [("nonsense",), ("--at-once", "2"), ("--sample", "--write", "--at-once", "2")],
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
