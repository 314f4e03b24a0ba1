"""What an archive keeps of its store, and whether that can be a store at all."""

import pytest

from custom_components.plant_vita.photos.archive.account import faults, object_name

PLAIN = {"bucket": "plants", "prefix": "", "region": "us-east-1"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, {}),
        ({"prefix": "home/plants-1"}, {}),
        ({"bucket": "a.b_c-9"}, {}),
        ({"bucket": "Plants"}, {"bucket": "bucket_name"}),
        ({"bucket": "../plants"}, {"bucket": "bucket_name"}),
        ({"bucket": "plants/x?y"}, {"bucket": "bucket_name"}),
        ({"prefix": "../up"}, {"base": "bucket_prefix"}),
        ({"prefix": "a//b"}, {"base": "bucket_prefix"}),
        ({"prefix": "a b"}, {"base": "bucket_prefix"}),
        ({"region": "eu\ncentral"}, {"region": "bucket_region"}),
    ],
)
def test_what_no_store_would_understand(wrong: dict[str, str], said: dict[str, str]) -> None:
    assert faults({**PLAIN, **wrong}) == said


def test_a_folder_is_before_the_name() -> None:
    assert object_name({"prefix": ""}, "x.jpg") == "x.jpg"
    assert object_name({"prefix": "home/plants"}, "x.jpg") == "home/plants/x.jpg"
