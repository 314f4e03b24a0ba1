import json

import pytest

from custom_components.plant_vita.model.errors import ProviderAnswerError
from custom_components.plant_vita.providers.answer import Answer, parsed


def test_members_are_read_by_their_types() -> None:
    answer = Answer(
        {
            "name": "Ficus",
            "share": 1.0004,
            "list": [1, 2, 3],
            "none": None,
            "yes": 1,
            "id": 17,
            "text": "a <b>c</b>",
            "texts": ["a", "", "b"],
        }
    )
    assert answer["name"].name() == "Ficus"
    assert answer["share"].share() == 1.0
    assert [one.number() for one in answer["list"].items(2)] == [1.0, 2.0]
    assert answer.get("none") is None
    assert answer.get("absent") is None
    assert answer["yes"].flag() is True
    assert answer["id"].identity() == "17"
    assert answer["text"].text() == "a c"
    assert answer["texts"].texts() == ("a", "b")
    assert answer["name"].texts() == ("Ficus",)


@pytest.mark.parametrize(
    "read",
    [
        lambda a: a["absent"],
        lambda a: a["none"],
        lambda a: a["list"]["x"],
        lambda a: a["list"].get("x"),
        lambda a: list(a.items()),
        lambda a: a["list"].string(),
        lambda a: a["text"].number(),
        lambda a: a["yes"].number(),
        lambda a: a["huge"].number(),
        lambda a: a["two"].share(),
        lambda a: a["minus"].share(),
        lambda a: a["text"].name(),
        lambda a: a["two"].flag(),
        lambda a: a["list"].flag(),
        lambda a: a["text"].identity(),
        lambda a: a["yes"].identity(),
    ],
)
def test_another_type_is_one_error_without_the_value(read: object) -> None:
    values = {"none": None, "list": [1], "text": "<canary>", "yes": True, "two": 2, "minus": -1}
    answer = Answer({**values, "huge": 10**400})
    assert callable(read)
    with pytest.raises(ProviderAnswerError) as caught:
        read(answer)
    assert "canary" not in str(caught.value)
    assert str(caught.value).startswith("$")


@pytest.mark.parametrize(
    "body", [b"", b"<html>canary</html>", b"\xff\xfe\x00", b'{"a": NaN}', b"[" * 100_000, "{"]
)
def test_what_is_no_json_is_one_error_without_a_word_of_it(body: bytes | str) -> None:
    with pytest.raises(ProviderAnswerError) as caught:
        parsed(body)
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None


def test_json_is_read() -> None:
    assert parsed(json.dumps({"a": [{"b": 0.5}]}))["a"].value == [{"b": 0.5}]
