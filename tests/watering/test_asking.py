"""What whoever asked is told, in words that exist."""

import json

import pytest
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from custom_components.plant_vita.model.watering import Finished, Refusal, Source, Started, Why
from custom_components.plant_vita.watering.asking import (
    as_answer,
    clock_time,
    key_of,
    raise_refusal,
    source_of,
)
from tests.house.python_files import PRODUCT

NOON = 1_781_092_800.0  # 2026-06-10 12:00 UTC
TEXTS = json.loads((PRODUCT / "translations" / "en.json").read_text())["exceptions"]


@pytest.mark.parametrize("why", Why)
def test_every_reason_is_said_in_words_and_with_all_they_need(why: Why) -> None:
    for result in (Refusal(why=why, until=NOON + 90), Finished(ms=0, ml=0.0, why=why)):
        with pytest.raises(HomeAssistantError) as caught:
            raise_refusal(result, NOON)
        told = caught.value
        assert told.translation_key == key_of(why)
        text = TEXTS[told.translation_key]["message"]
        assert "{" not in text.format(**(told.translation_placeholders or {}))
        works = why in {Why.NODE_GONE, Why.NO_ANSWER, Why.DISK}
        assert isinstance(told, ServiceValidationError) is not works


def test_nothing_is_raised_for_water_that_flows_or_waits() -> None:
    for result in (None, Started(ms=1000, ml=30.0), Finished(ms=1000, ml=30.0)):
        raise_refusal(result, NOON)


def test_a_link_that_broke_under_a_command_is_no_link_that_was_not_there() -> None:
    with pytest.raises(HomeAssistantError) as caught:
        raise_refusal(Finished(ms=1000, ml=30.0, why=Why.NODE_GONE, sure=False), NOON)
    assert caught.value.translation_key == "watering_no_answer"


def test_when_to_ask_again() -> None:
    with pytest.raises(ServiceValidationError) as caught:
        raise_refusal(Refusal(why=Why.NODE_SOAK, until=NOON + 41.7), NOON)
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["seconds"] == "42"


def test_a_time_has_its_date_where_it_is_not_today(freezer: object) -> None:
    now = dt_util.now()
    assert clock_time(now.timestamp()) == now.strftime("%H:%M")
    assert clock_time(now.timestamp() + 5 * 86_400).count("-") == 2
    assert clock_time(None) == "?"


def test_a_person_is_somebody_who_is_logged_in() -> None:
    assert source_of(Context(user_id="somebody")) is Source.MANUAL
    assert source_of(Context(parent_id="an automation")) is Source.SCHEDULE
    assert source_of(None) is Source.SCHEDULE


def test_what_an_action_answers() -> None:
    assert as_answer(Started(ms=3333, ml=99.99)) == {
        "result": "started",
        "ml": 100.0,
        "seconds": 3.3,
    }
    assert as_answer(Finished(ms=50, ml=1.5))["result"] == "finished"
    assert as_answer(None) == {"result": "waiting", "ml": 0.0, "seconds": 0.0}
