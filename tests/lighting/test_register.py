"""What is known of lamps outlives a restart, or is learnt anew."""

from pathlib import Path
from unittest.mock import patch

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant

from custom_components.plant_vita.care.custody import Custody
from custom_components.plant_vita.lighting import register
from custom_components.plant_vita.lighting.needs import Run
from custom_components.plant_vita.lighting.register import Record, Register

NOON = 1_780_000_000.0
DAY = 86_400.0


@pytest.fixture
def file(hass: HomeAssistant, tmp_path: Path, freezer: FrozenDateTimeFactory) -> Path:
    hass.config.config_dir = str(tmp_path)
    freezer.move_to("2026-05-28 20:26:40+00:00")
    return Path(hass.config.path(".storage", register.FILE))


def is_there(file: Path) -> bool:
    return file.exists()


def leave(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content)


async def again(hass: HomeAssistant) -> Register:
    book = Register(hass)
    await book.async_load()
    return book


async def test_all_is_known_after_a_restart(hass: HomeAssistant, file: Path) -> None:
    book = await again(hass)
    record = book.record("light.shelf")
    record.custody = Custody(on=True, ours=True, told_at=NOON, rests_until=NOON + 60)
    record.begin(NOON - 7200)
    record.end(NOON - 3600)
    record.begin(NOON - 600)
    record.keep_step("fern", NOON - 600, (10.0, 110.5))
    assert await book.async_save()
    found = (await again(hass)).record("light.shelf")
    assert found.custody == Custody(ours=True, rests_until=NOON + 60), "what it shows is not kept"
    # It shone until this was written at least.
    assert found.runs == [
        Run(start=NOON - 7200, end=NOON - 3600),
        Run(start=NOON - 600, end=NOON),
    ]
    assert found.since is None
    assert found.steps_of("fern") == [(10.0, 110.5)]
    assert found.steps_of("moss") == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no json",
        "[]",
        '{"at": 1}',
        '{"at": "x", "lamps": {}}',
        '{"at": 1, "lamps": {"a": 1}}',
        '{"at": 1, "lamps": {"a": {"ours": 1, "rests_until": null, "since": null, "runs": [1]}}}',
    ],
)
async def test_a_damaged_file_is_as_none(
    hass: HomeAssistant, file: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    leave(file, content)
    assert (await again(hass)).record("light.shelf") == Record()
    assert "is learnt anew" in caplog.text


async def test_a_full_disk_is_told(hass: HomeAssistant, file: Path) -> None:
    book = await again(hass)
    with patch.object(register, "save_json", side_effect=OSError(28, "full")):
        assert not await book.async_save()
    assert not is_there(file)


async def test_it_goes_with_the_garden_and_with_the_lamp(hass: HomeAssistant, file: Path) -> None:
    book = await again(hass)
    book.record("light.shelf").keep_step("fern", NOON, (0.0, 50.0))
    book.forget("light.shelf")
    assert book.record("light.shelf").steps_of("fern") == []
    assert await book.async_save()
    await book.async_remove()
    assert not is_there(file)
    await book.async_remove()


def test_runs_are_kept_for_as_long_as_anybody_looks_back() -> None:
    record = Record(runs=[Run(start=NOON - 5 * DAY, end=NOON - 4.5 * DAY)])
    record.begin(NOON - 3600)
    record.begin(NOON - 1800)
    assert record.shone(NOON) == [*record.runs, Run(start=NOON - 3600, end=NOON)]
    record.end(NOON)
    record.end(NOON + 5)
    assert record.runs == [Run(start=NOON - 3600, end=NOON)]


def test_a_clock_that_was_ahead_leaves_nothing_behind() -> None:
    record = Record()
    record.begin(NOON + DAY)
    record.begin(NOON)
    assert record.since == NOON
    record.since = NOON + DAY
    record.end(NOON)
    assert (record.runs, record.since) == ([], None)


def test_the_newest_steps_are_kept() -> None:
    record = Record()
    for count in range(20):
        record.keep_step("fern", NOON + count, (0.0, float(count)))
    assert record.steps_of("fern") == [(0.0, float(count)) for count in range(5, 20)]
