"""A backlog that comes in pieces: which readings an hour is made of, and for how long they stay."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util.file import WriteError

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.glue import statistics
from custom_components.plant_vita.glue.statistics import LateReadings
from custom_components.plant_vita.model.errors import StoreError

NODE, HOUR = "a4cf12000001", 1_772_359_200.0
OVER = HOUR + 3600 + 91


class Settling:
    """Late readings whose hours are only written down; `made` holds what each was made of."""

    def __init__(self, hass: HomeAssistant, path: Path, patch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[float, list[float]]] = []
        self.path = path
        self._hass = hass
        self._patch = patch
        self.late = self.fresh()
        self.at(HOUR)

    def fresh(self) -> LateReadings:
        """As after a restart."""

        async def note(_target: object, hour: float, late: dict[float, float]) -> bool:
            self.made.append((hour - HOUR, sorted(moment - HOUR for moment in late)))
            return False

        made = LateReadings(self._hass, self.path, lambda _hardware_id, _index: "m")
        self._patch.setattr(made, "_async_import", note)
        return made

    def at(self, now: float) -> None:
        self._patch.setattr(statistics, "time", SimpleNamespace(time=lambda: now))

    def measured(self, *seconds: float) -> None:
        for moment in seconds:
            self.late.add_values(NODE, HOUR + moment, {0: 41.5})

    async def settle(self, now: float = OVER) -> None:
        self.at(now)
        await self.late.async_settle()


@pytest.fixture
async def settling(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settling:
    monkeypatch.setattr(statistics, "has_recorder", lambda _hass: True)

    async def recorded(_hass: HomeAssistant) -> None:
        pass

    monkeypatch.setattr(statistics, "async_recorded", recorded)
    er.async_get(hass).async_get_or_create("sensor", DOMAIN, f"{NODE}_0_m")
    return Settling(hass, tmp_path / "late.json", monkeypatch)


async def test_the_second_piece_does_not_replace_the_first(settling: Settling) -> None:
    settling.measured(60.0, 120.0)
    await settling.settle()
    settling.measured(180.0)
    await settling.settle(OVER + 60)
    assert settling.made == [(0.0, [60.0, 120.0]), (0.0, [60.0, 120.0, 180.0])]


async def test_an_hour_of_which_nothing_more_comes_is_made_once(settling: Settling) -> None:
    settling.measured(60.0)
    for later in range(3):
        await settling.settle(OVER + 60 * later)
        settling.measured(60.0)
    assert settling.made == [(0.0, [60.0])]


async def test_other_hours_are_not_made_again(settling: Settling) -> None:
    settling.measured(60.0, 3660.0)
    await settling.settle(OVER + 3600)
    settling.measured(3720.0)
    await settling.settle(OVER + 3700)
    assert settling.made == [(0.0, [60.0]), (3600.0, [60.0 + 3600]), (3600.0, [3660.0, 3720.0])]


async def test_an_hour_is_settled_once_the_database_has_it(
    settling: Settling, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[int, int]] = []

    async def recorded(_hass: HomeAssistant) -> None:
        found.append((len(settling.made), len(settling.late._settled)))

    monkeypatch.setattr(statistics, "async_recorded", recorded)
    settling.measured(60.0)
    await settling.settle()
    # Waited for the states, and then for the statistics.
    assert found == [(0, 0), (1, 0)]
    assert len(settling.late._settled) == 1


async def test_a_day_later_they_are_forgotten(settling: Settling) -> None:
    settling.measured(60.0)
    await settling.settle()
    await settling.settle(OVER + 86_400)
    assert settling.late._waiting != {}
    await settling.settle(OVER + 86_401)
    assert (settling.late._waiting, settling.late._settled) == ({}, {})


async def test_what_has_just_come_is_not_forgotten_with_what_is_settled(
    settling: Settling,
) -> None:
    settling.measured(60.0)
    await settling.settle()
    settling.at(OVER + 90_000)
    settling.measured(120.0)
    await settling.settle(OVER + 90_020)
    assert settling.made[-1] == (0.0, [60.0, 120.0])


async def test_the_first_piece_survives_a_restart(settling: Settling) -> None:
    settling.measured(60.0)
    await settling.settle()
    settling.late = settling.fresh()
    await settling.late.async_load()
    settling.measured(120.0)
    await settling.settle(OVER + 60)
    assert settling.made[-1] == (0.0, [60.0, 120.0])


async def test_an_unpaired_node_leaves_nothing(settling: Settling) -> None:
    settling.measured(60.0)
    await settling.settle()
    settling.late.forget(NODE)
    assert (settling.late._waiting, settling.late._settled) == ({}, {})


async def test_beyond_the_limit_nothing_is_left_of_the_oldest(
    settling: Settling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "READINGS_MAX", 10)
    settling.measured(60.0)
    await settling.settle()
    settling.measured(*(3600.0 + second for second in range(12)))
    assert {place[2] for place in settling.late._waiting} == {HOUR + 3600}
    assert settling.late._settled == {}


async def test_a_full_disk_is_tried_again(
    settling: Settling, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        msg = "No space left on device"
        raise WriteError(msg)

    settling.measured(60.0)
    with monkeypatch.context() as patch:
        patch.setattr(statistics, "write_utf8_file_atomic", refuse)
        with pytest.raises(StoreError):
            await settling.late.async_save()
    await settling.late.async_save()
    settling.late = settling.fresh()
    await settling.late.async_load()
    assert settling.late._waiting == {(NODE, 0, HOUR): {HOUR + 60: 41.5}}
    assert settling.path.stat().st_mode & 0o777 == 0o600


async def test_what_comes_while_the_file_is_written_is_written_next(
    settling: Settling, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = statistics.write_utf8_file_atomic

    def write(*arguments: object, **named: object) -> None:
        really(*arguments, **named)
        settling.measured(120.0)

    settling.measured(60.0)
    with monkeypatch.context() as patch:
        patch.setattr(statistics, "write_utf8_file_atomic", write)
        await settling.late.async_save()
    await settling.late.async_save()
    settling.late = settling.fresh()
    await settling.late.async_load()
    assert len(settling.late._waiting[NODE, 0, HOUR]) == 2


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"null", b"[1]", b'[["x"]]', b'[["x",0,0,[["",1]]]]']
)
async def test_a_file_that_cannot_be_read(
    settling: Settling, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    settling.path.write_bytes(content)
    await settling.late.async_load()
    assert settling.late._waiting == {}
    assert "could not be read" in caplog.text
