"""Which photos show the same view of a plant."""

from dataclasses import replace
from functools import cache

from custom_components.plant_vita.model.photo import Look
from custom_components.plant_vita.photos.kept import KeptPhoto
from custom_components.plant_vita.photos.views import views_of
from custom_components.plant_vita.vision.prepare import glance
from scripts.lab.clouds.pictures import jpeg, plant
from tests.photos.album_photos import AT, kept

DAY = 86_400.0


@cache
def look(scene: int, leaves: int) -> Look:
    return glance(jpeg(plant(scene, (320, 240), leaves=leaves)))


def photo(day: float, scene: int = 1, leaves: int = 26) -> KeptPhoto:
    return replace(kept(int(day * 100), AT + day * DAY), look=look(scene, leaves))


def days(views: list[list[KeptPhoto]]) -> list[list[float]]:
    return [[(one.taken_at - AT) / DAY for one in view] for view in views]


def test_each_view_has_its_own_photos_though_the_plant_grows() -> None:
    sill = [photo(9, leaves=26), photo(6, leaves=22), photo(3, leaves=18), photo(0, leaves=14)]
    garden = [photo(8, scene=2), photo(5, scene=2)]
    newest_first = sorted(sill + garden, key=lambda one: -one.taken_at)
    assert days(views_of(newest_first)) == [[9, 6, 3, 0], [8, 5]]


def test_a_blurred_photo_is_not_looked_at() -> None:
    blurred = replace(photo(1), complaint="photo_blurred")
    assert days(views_of([photo(2), blurred, photo(0)])) == [[2, 0]]
    assert views_of([]) == []


def test_of_a_camera_that_never_rests_four_a_day_are_enough() -> None:
    hourly = [photo(1 + hour / 24) for hour in range(10, 0, -1)]
    # A day is one of UTC: three before midnight, four after it, and the one of another day.
    assert [len(view) for view in views_of([*hourly, photo(-1)])] == [8]
