import json
import os
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from custom_components.plant_vita.model.finding import Candidate, Facts, Identified, Task
from custom_components.plant_vita.providers.cache import Cache, group_of
from custom_components.plant_vita.providers.provider import Ask
from custom_components.plant_vita.providers.registry import PROVIDERS
from custom_components.plant_vita.vision.prepare import examine
from scripts.lab.clouds.pictures import jpeg, plant
from tests.providers.asked import NOW, asking, photo

REPLY = Identified(candidates=(Candidate(name="Ficus elastica", confidence=0.9),))
MANY = 200 if os.environ.get("PLANT_VITA_FULL") == "1" else 80
PLANT_ID, GEMINI = PROVIDERS["plant_id"], PROVIDERS["gemini"]


def kept(ask: Ask) -> tuple[Cache, str]:
    cache, group = Cache(), group_of(PLANT_ID, ask, {})
    cache.keep(group, ask, REPLY, NOW)
    return cache, group


def test_photos_that_look_alike_do_not_hit() -> None:
    """Eighty by default, two hundred with PLANT_VITA_FULL=1."""
    cache, group = kept(asking())
    alike = [plant(1, (640, 480), leaves=26 + k) for k in (-3, -2, -1, 1, 2, 3)]
    alike += [plant(1, (640, 480), yellow=k / 100) for k in range(20, 60, 2)]
    assert plant(1, (640, 480)).tobytes() not in {one.tobytes() for one in alike}
    alike += [plant(1, (640, 480), moved=(k / 100, 0.02)) for k in range(-5, 6)]
    alike += [plant(seed, (640, 480)) for seed in range(2, 2 + MANY - len(alike))]
    assert len(alike) == MANY
    hits = [one for one in alike if cache.find(group, (examine(jpeg(one)).photo,), NOW)]
    assert hits == []


@pytest.mark.parametrize("seed", range(1, 13))
@pytest.mark.parametrize(
    ("size", "quality"), [((320, 240), 90), ((640, 480), 70), ((1600, 1200), 85)]
)
def test_the_same_photo_resized_or_compressed_again_hits(
    seed: int, size: tuple[int, int], quality: int
) -> None:
    cache, group = kept(asking(seed=seed))
    first = Image.open(BytesIO(jpeg(plant(seed, (640, 480)))))
    again = examine(jpeg(first.resize(size), quality)).photo
    assert again.digest != photo(seed).digest
    assert cache.find(group, (again,), NOW) == REPLY


def test_the_same_photo_of_another_shape_is_another() -> None:
    cache, group = kept(asking())
    squeezed = replace(photo(), digest="other", width=photo().width // 2)
    same = replace(photo(), digest="other")
    assert cache.find(group, (same,), NOW) == REPLY
    assert cache.find(group, (squeezed,), NOW) is None


def test_every_photo_must_be_near() -> None:
    both = Ask(task=Task.IDENTIFY, photos=(photo(1), photo(2)))
    cache, group = kept(both)
    assert cache.find(group, (photo(1), photo(2)), NOW) == REPLY
    assert cache.find(group, (photo(1),), NOW) is None
    assert cache.find(group, (photo(1), photo(3)), NOW) is None
    assert cache.find(group, (photo(2), photo(1)), NOW) is None


def test_a_question_is_its_provider_task_language_and_options() -> None:
    groups = {
        group_of(PLANT_ID, asking(), {}),
        group_of(replace(PLANT_ID, api="4"), asking(), {}),
        group_of(PROVIDERS["plantnet"], asking(), {}),
        group_of(PLANT_ID, asking(Task.DIAGNOSE), {}),
        group_of(PLANT_ID, asking(language="de"), {}),
        group_of(PLANT_ID, asking(), {"flora": "all"}),
        group_of(PLANT_ID, Ask(task=Task.ENRICH, name="Ficus elastica"), {}),
    }
    assert len(groups) == 7
    one, other = (Ask(task=Task.ENRICH, name=n) for n in ("Ficus elastica", "ficus elastica Roxb."))
    assert group_of(PLANT_ID, one, {}) == group_of(PLANT_ID, other, {})


def test_only_models_are_told_of_readings_and_only_theirs_differ_by_them() -> None:
    plain, told = asking(), asking(context={"moisture": 3.0}, names=("Ficus",))
    assert group_of(PLANT_ID, plain, {}) == group_of(PLANT_ID, told, {})
    assert group_of(GEMINI, plain, {}) != group_of(GEMINI, told, {})


def test_three_hundred_are_kept_and_the_least_used_goes() -> None:
    cache = Cache()
    asks = [asking(language=f"l{k}") for k in range(301)]
    groups = [group_of(PLANT_ID, ask, {}) for ask in asks]
    for k, ask in enumerate(asks):
        if k == 300:
            assert cache.find(groups[0], ask.photos, NOW)
        cache.keep(groups[k], ask, REPLY, NOW)
    assert len(cache) == 300
    assert cache.find(groups[0], asks[0].photos, NOW)
    assert cache.find(groups[1], asks[1].photos, NOW) is None


def test_it_outlives_a_restart_without_what_is_over() -> None:
    cache, group = kept(asking())
    facts = Ask(task=Task.ENRICH, name="Ficus elastica")
    other = group_of(PROVIDERS["trefle"], facts, {})
    cache.keep(other, facts, Facts(name="Ficus elastica"), NOW)
    stored = json.loads(json.dumps(cache.as_stored(NOW)))
    after = Cache()
    after.restore(stored, NOW + 10)
    assert after.find(group, (photo(),), NOW + 10) == REPLY
    assert after.find(other, (), NOW + 10) == Facts(name="Ficus elastica")
    late = Cache()
    late.restore(stored, NOW + 86_401)
    assert late.find(group, (photo(),), NOW + 86_401) is None
    assert len(late) == 1


def test_what_cannot_be_read_is_left_out() -> None:
    cache, _ = kept(asking())
    stored = cache.as_stored(NOW)
    (entry,) = stored["entries"].values()
    stored["entries"] |= {
        "a": {},
        "b": {**entry, "until": "soon"},
        "c": {**entry, "reply": {"kind": "prose"}},
        "d": {**entry, "pictures": [["x"]]},
        "e": {**entry, "until": NOW + 400 * 86_400},
    }
    after = Cache()
    after.restore(stored, NOW)
    assert len(after) == 1
    for nothing in (None, {}, {"version": 99, "entries": stored["entries"]}):
        empty = Cache()
        empty.restore(nothing, NOW)
        assert len(empty) == 0
