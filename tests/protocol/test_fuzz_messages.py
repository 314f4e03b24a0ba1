import random

import pytest

from tests.protocol import fuzz_messages


def test_the_fuzz_target_runs_and_finds_nothing() -> None:
    assert fuzz_messages.run(1.0, random.Random(1)) > 1000


def test_the_fuzz_target_finds_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(data: bytes) -> None:
        if b"e308" in data:
            raise KeyError

    monkeypatch.setattr(fuzz_messages, "READERS", (careless,))
    with pytest.raises(KeyError):
        fuzz_messages.run(5.0, random.Random(1))
