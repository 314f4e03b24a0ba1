"""A yes counts only from a person, for what they were asked, once, and soon."""

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context

from custom_components.plant_vita.voice.consent import VALID_S, Consent, Wish

WISH = Wish(plant_id="basil", ml=50.0)
ANNA = "anna"


def test_the_next_message_is_a_yes_and_only_once() -> None:
    consent = Consent()
    word = consent.ask(WISH, Context(user_id=ANNA), "conversation")
    assert consent.given(word, "basil", Context(user_id=ANNA), "conversation") == WISH
    assert consent.given(word, "basil", Context(user_id=ANNA), "conversation") is None


def test_the_same_message_is_no_yes_and_the_person_may_still_say_it() -> None:
    consent, first = Consent(), Context(user_id=ANNA)
    word = consent.ask(WISH, first, "conversation")
    assert consent.given(word, "basil", first, "conversation") is None
    assert consent.given(word, "basil", Context(user_id=ANNA), "conversation") == WISH


@pytest.mark.parametrize(
    ("plant_id", "user_id", "assistant"),
    [("ficus", ANNA, "conversation"), ("basil", "eve", "conversation"), ("basil", ANNA, "other")],
)
def test_a_yes_to_something_else_is_none(plant_id: str, user_id: str, assistant: str) -> None:
    consent = Consent()
    word = consent.ask(WISH, Context(user_id=ANNA), "conversation")
    assert consent.given(word, plant_id, Context(user_id=user_id), assistant) is None
    assert consent.given(word, "basil", Context(user_id=ANNA), "conversation") is None


def test_a_late_yes_is_none(freezer: FrozenDateTimeFactory) -> None:
    consent = Consent()
    word = consent.ask(WISH, Context(user_id=ANNA), "conversation")
    freezer.tick(VALID_S + 1)
    assert consent.given(word, "basil", Context(user_id=ANNA), "conversation") is None


def test_only_the_latest_questions_are_kept() -> None:
    consent = Consent()
    words = [consent.ask(WISH, Context(user_id=ANNA), "conversation") for _ in range(17)]
    kept = [
        consent.given(word, "basil", Context(user_id=ANNA), "conversation") is not None
        for word in words
    ]
    assert kept == [False, *[True] * 16]
