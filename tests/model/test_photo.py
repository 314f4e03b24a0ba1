from custom_components.plant_vita.model.errors import (
    PhotoBlurredError,
    PhotoBrightError,
    PhotoDarkError,
)
from custom_components.plant_vita.model.photo import Complaint, Photo


def test_a_complaint_is_the_key_of_its_error() -> None:
    keys = {PhotoDarkError.key, PhotoBrightError.key, PhotoBlurredError.key}
    assert {complaint.value for complaint in Complaint} == keys


def test_the_picture_is_not_printed() -> None:
    photo = Photo(jpeg=b"\xff\xd8secret", width=1, height=1, digest="ab", likeness=3, cells=b"")
    assert "secret" not in repr(photo)
