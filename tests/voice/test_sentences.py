"""Each sentence is one intent, in the language of whoever speaks."""

import pytest

from custom_components.plant_vita.voice.sentences import (
    LANGUAGES,
    Ask,
    Said,
    gates,
    understood,
)
from tests.voice.utterances import SAID


def test_every_intent_can_be_said_in_every_language() -> None:
    assert set(LANGUAGES) == {"en", "de", "nl", "fr", "es"} == set(SAID)
    assert all(set(one.said) == set(Ask) for one in LANGUAGES.values())
    for sentences in SAID.values():
        assert {wanted for _, wanted, _ in sentences} == set(Ask)
        assert len({text for text, _, _ in sentences}) == 40


@pytest.mark.parametrize(
    ("text", "language", "ask", "phrase"),
    [
        ("Water the basil, please!", "en", Ask.WATER, "the basil"),
        ("gieße die Monstera", "de", Ask.WATER, "die monstera"),
        ("GIESSE DIE MONSTERA", "de-AT", Ask.WATER, "die monstera"),
        # Somebody speaks another language than the house.
        ("arrose l'hibiscus", "en", Ask.WATER, "l hibiscus"),
        ("who needs water", "en", Ask.THIRSTY, ""),
        ("quién necesita agua", "es", Ask.THIRSTY, ""),
        ("stop watering the basil", "en", Ask.STOP, "the basil"),
        ("I watered the basil", "en", Ask.LOG, "the basil"),
        ("when did I water the basil", "en", Ask.LAST, "the basil"),
        ("which plants in the kitchen need water", "en", Ask.THIRSTY, "the kitchen"),
    ],
)
def test_what_is_meant(text: str, language: str, ask: Ask, phrase: str) -> None:
    assert understood(text, language) == Said(ask=ask, phrase=phrase)


@pytest.mark.parametrize("text", ["", "water", "turn on the light", "gieße", "!?", "x" * 5000])
def test_what_is_no_sentence_of_ours(text: str) -> None:
    assert understood(text, "en") is None


def test_how_something_is_needs_a_name_like_a_plants() -> None:
    sentences = gates(["Basil"])
    assert any("bas{rest}" in one and "{rest}sil" in one for one in sentences)
    assert not any(one.startswith("(how is") and "{plant}" in one for one in sentences)
    assert "wie steht es um {plant}" not in sentences
    assert not any("how is" in one for one in gates([]))


def test_accents_may_be_left_out() -> None:
    sentences = gates(["Basil"])
    assert "quelles plantes sont [trop] sèches" in sentences
    assert "quelles plantes sont [trop] seches" in sentences


def test_signs_in_names_are_no_signs_of_sentences() -> None:
    odd = gates(["(a|{b}[c", "}{", "\\", ""])
    assert not any(sign in "".join(odd) for sign in ("{b}", "\\", "}{"))
