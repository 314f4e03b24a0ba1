"""What is known of a photo survives being written, and nothing else is taken for one."""

import json
import math
from dataclasses import replace

import pytest

from custom_components.plant_vita.photos.kept import (
    as_stored,
    cleaned,
    from_stored,
    is_photo_id,
    is_plant_id,
    photo_id,
)
from tests.photos.album_photos import kept

FINDING = {
    "kind": "diagnose",
    "title": "Spider mites",
    "confidence": 0.8,
    "text": "Webs under the leaves.",
    "providers": ["Plant.id"],
}


def test_everything_comes_back() -> None:
    photo = replace(kept(3), findings=(FINDING,), growth=-2.5, archived_at=1.0, complaint="x")
    assert from_stored(json.loads(json.dumps(as_stored(photo)))) == photo


def test_what_the_first_version_wrote_is_read() -> None:
    stored = as_stored(kept(3))
    del stored["file_digest"]
    assert from_stored(stored) == replace(kept(3), file_digest="")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("photo_id", "../../secrets"),
        ("plant_id", "../x"),
        ("plant_id", ""),
        ("taken_at", math.nan),
        ("green", math.inf),
        ("size", [1]),
        ("luma", "ä"),
        ("likeness", "zz"),
        ("findings", 7),
    ],
)
def test_what_is_no_photo_is_told(key: str, value: object) -> None:
    with pytest.raises(ValueError, match=r".*"):
        from_stored({**as_stored(kept()), key: value})


def test_names_hold_nothing_that_was_typed() -> None:
    name = photo_id(0.0, "ab" * 32)
    assert name == "19700101T000000-abababababab"
    assert is_photo_id(name)
    for hostile in ("../x", name + "/..", name + "\n", name.upper(), "", "."):
        assert not is_photo_id(hostile)
    for hostile in ("..", "a/b", "", "x" * 65, "a\0"):
        assert not is_plant_id(hostile)


def test_findings_are_cut_to_what_is_shown() -> None:
    long = {**FINDING, "text": "x" * 9000, "title": "y" * 500, "evil": "<script>"}
    (found,) = cleaned([long, {"kind": "command", "title": "water"}, {"kind": "identify"}])
    assert (len(found["text"]), len(found["title"])) == (2000, 128)
    assert set(found) == {"kind", "title", "confidence", "text", "providers"}
    assert cleaned([{**FINDING, "confidence": math.nan}])[0]["confidence"] is None
