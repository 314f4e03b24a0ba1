"""A plant as a mapping that another Home Assistant reads, and what it does not take for one."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings, strategies as st

from custom_components.plant_vita.analysis import stored as pots
from custom_components.plant_vita.analysis.drydown import DryDown, coefficients, learn, untaught
from custom_components.plant_vita.analysis.history import Drivers, history
from custom_components.plant_vita.analysis.lamps import Source as Lamp
from custom_components.plant_vita.analysis.series import DAY_S, HOUR_S, NOTHING, series
from custom_components.plant_vita.plants.definition import Input, Scale
from custom_components.plant_vita.plants.portable import (
    Portable,
    ProfileError,
    as_mapping,
    from_mapping,
)
from custom_components.plant_vita.plants.state import Care

NOW = 1_780_000_000.0


def taught() -> DryDown:
    """A pot that was watered three times in a month."""
    hours = np.arange(30 * 24)
    moisture = 20.0 + 40.0 * np.exp(-(hours % 240) / 150)
    readings = series(NOW - 30 * DAY_S + HOUR_S * hours, moisture)
    past = history(
        readings,
        Drivers(temperature=NOTHING, vpd=NOTHING, light=NOTHING),
        end=NOW,
        days=30,
        aligned=True,
    )
    model = untaught()
    for _ in range(6):
        model = learn(model, past)
    return model


TAUGHT = taught()
BASIL = Portable(
    name="Basil",
    species="ocimum_basilicum",
    outdoors=True,
    pot_cm=14.0,
    inputs={Input.MOISTURE: ("sensor.soil", "input_number.soil"), Input.LIGHT: ("sensor.light",)},
    helpers={"pump": "switch.pump", "camera": "camera.sill"},
    scale=Scale(dry=3.1, wet=1.2),
    scales={"input_number.soil": Scale(dry=0.0, wet=1023.0)},
    lamp=Lamp.LED_WHITE,
    limits={"moisture_low": 30.0, "water_days": 4.0},
    model=TAUGHT,
    last={Care.WATERED: NOW - 3600.0},
    log=((NOW - 90_000.0, Care.FED), (NOW - 3600.0, Care.WATERED)),
)


def same(one: Portable, other: Portable) -> bool:
    """Whether two are equal; numpy's figures have no equality of their own."""
    plain = untaught()
    return pots.as_stored(one.model) == pots.as_stored(other.model) and (
        as_mapping(replace(one, model=plain)) == as_mapping(replace(other, model=plain))
    )


def through_json(profile: dict[str, Any]) -> Any:
    return json.loads(json.dumps(profile, allow_nan=False))


def through_yaml(profile: dict[str, Any]) -> Any:
    return yaml.safe_load(yaml.safe_dump(profile, allow_unicode=True))


@pytest.mark.parametrize("carry", [through_json, through_yaml])
def test_it_comes_back_as_it_was(carry: Callable[[dict[str, Any]], Any]) -> None:
    assert TAUGHT.days.max() > 15
    back = from_mapping(carry(as_mapping(BASIL)), NOW)
    assert same(back, BASIL)
    assert (back.name, back.scale, back.log[0]) == ("Basil", BASIL.scale, BASIL.log[0])
    assert np.allclose(coefficients(back.model), coefficients(TAUGHT), atol=1e-3)


def test_it_is_small() -> None:
    log = tuple((float(n), Care.WATERED) for n in range(500))
    assert len(json.dumps(as_mapping(replace(BASIL, log=log)))) < 40_000
    assert from_mapping(as_mapping(replace(BASIL, log=log)), NOW).log == log


TEXTS = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="<>]"), max_size=60
)
NAMES = TEXTS.map(str.strip).filter(bool)
IDS = st.from_regex(r"[a-z0-9]([a-z0-9_]{0,20}[a-z0-9])?", fullmatch=True)
NUMERIC = st.builds("{}.{}".format, st.sampled_from(["sensor", "number", "input_number"]), IDS)
TIMES = st.floats(0.0, NOW)
SCALES = (
    st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
    .filter(lambda ends: ends[0] != ends[1])
    .map(lambda ends: Scale(dry=ends[0], wet=ends[1]))
)
PLANTS = st.builds(
    Portable,
    name=NAMES,
    species=TEXTS.map(str.strip),
    outdoors=st.booleans(),
    pot_cm=st.none() | st.floats(2.0, 200.0),
    inputs=st.dictionaries(
        st.sampled_from(Input), st.lists(NUMERIC, min_size=1, max_size=5).map(tuple)
    ),
    helpers=st.fixed_dictionaries(
        {},
        optional={
            "pump": IDS.map("switch.{}".format),
            "grow_light": IDS.map("light.{}".format),
            "camera": IDS.map("image.{}".format),
        },
    ),
    scale=st.none() | SCALES,
    scales=st.dictionaries(NUMERIC, SCALES, max_size=3),
    lamp=st.sampled_from(Lamp),
    limits=st.fixed_dictionaries(
        {},
        optional={
            "moisture_low": st.floats(0, 40),
            "moisture_high": st.floats(40, 100),
            "temperature_minimum": st.floats(-40, 60),
            "feed_days": st.floats(1, 365),
        },
    ),
    model=st.sampled_from([untaught(), untaught((5.0, 70.0)), TAUGHT]),
    last=st.dictionaries(st.sampled_from(Care), TIMES),
    log=st.lists(st.tuples(TIMES, st.sampled_from(Care)), max_size=20).map(
        lambda entries: tuple(sorted(entries))
    ),
)


@given(PLANTS)
@settings(max_examples=200)
def test_any_plant_comes_back_as_it_was(plant: Portable) -> None:
    assert same(from_mapping(through_json(as_mapping(plant)), NOW), plant)


def changed(**changes: Any) -> Any:
    return {**as_mapping(BASIL), **changes}


def without(name: str) -> Any:
    return {key: value for key, value in as_mapping(BASIL).items() if key != name}


def model(**changes: Any) -> Any:
    return changed(model={**pots.as_stored(TAUGHT), **changes})


GRAM = pots.as_stored(TAUGHT)["gram"]


@pytest.mark.parametrize(
    ("profile", "wrong"),
    [
        (None, "format"),
        ([], "format"),
        ("profile", "format"),
        ({}, "format"),
        (changed(format="another"), "format"),
        (changed(surprise=1), "profile"),
        (without("name"), "name"),
        (without("model"), "model"),
        (changed(name=""), "name"),
        (changed(name=" \t"), "name"),
        (changed(name=3), "name"),
        (changed(name="<img src=x onerror=alert(1)>"), "name"),
        (changed(name="[here](javascript:alert(1))"), "name"),
        (changed(name="two\nlines"), "name"),
        (changed(name="\u202eegdelwonk"), "name"),
        (changed(name="\ud800"), "name"),
        (changed(species=None), "species"),
        (changed(species="<b>"), "species"),
        (changed(outdoors="yes"), "outdoors"),
        (changed(pot_cm=float("nan")), "pot_cm"),
        (changed(pot_cm=float("inf")), "pot_cm"),
        (changed(pot_cm=True), "pot_cm"),
        (changed(pot_cm="14"), "pot_cm"),
        (changed(pot_cm=0.1), "pot_cm"),
        (changed(pot_cm=10**400), "pot_cm"),
        (changed(inputs=[]), "inputs"),
        (changed(inputs={"joy": ["sensor.a"]}), "inputs"),
        (changed(inputs={"moisture": "sensor.a"}), "inputs"),
        (changed(inputs={"moisture": ["light.a"]}), "inputs"),
        (changed(inputs={"moisture": ["sensor"]}), "inputs"),
        (changed(inputs={"moisture": ["sensor.a.b"]}), "inputs"),
        (changed(inputs={"moisture": ["sensor.A"]}), "inputs"),
        (changed(inputs={"moisture": ["sensor.<b>"]}), "inputs"),
        (changed(inputs={"moisture": [7]}), "inputs"),
        (changed(inputs={"moisture": ["sensor.a"] * 21}), "inputs"),
        (changed(helpers={"pump": "lock.door"}), "helpers"),
        (changed(helpers={"door": "switch.door"}), "helpers"),
        (changed(helpers=None), "helpers"),
        (changed(scale={"dry": 1.0}), "scale"),
        (changed(scale={"dry": 1.0, "wet": 1.0}), "scale"),
        (changed(scale={"dry": 1.0, "wet": float("nan")}), "scale"),
        (changed(scales={"sensor.a": {"dry": 1.0, "wet": 1.0}}), "scales"),
        (changed(scales={"lock.a": {"dry": 1.0, "wet": 2.0}}), "scales"),
        (changed(scales=7), "scales"),
        (changed(lamp="candle"), "lamp"),
        (changed(lamp=[]), "lamp"),
        (changed(limits={"moisture_low": 101}), "limits"),
        (changed(limits={"moisture_low": 60, "moisture_high": 40}), "limits"),
        (changed(limits={"joy_low": 6}), "limits"),
        (changed(limits={"moisture_low": float("nan")}), "limits"),
        (changed(limits={"moisture_low": "30"}), "limits"),
        (changed(model={}), "model"),
        (changed(model=None), "model"),
        (model(version=99), "model"),
        (model(gram=[[1e300] * len(GRAM[0])] * 2), "model"),
        (model(gram=[[-x for x in GRAM[0]], GRAM[1]]), "model"),
        (model(gram=GRAM[:1]), "model"),
        (model(days=[-1.0, 2.0]), "model"),
        (model(days=[float("inf"), 2.0]), "model"),
        (model(range=[60.0, 10.0]), "model"),
        (model(range=[-1e9, 1e9]), "model"),
        (model(usual=[1e300, 0.0, 0.0]), "model"),
        (model(errors=[[1e300]] * 7), "model"),
        (model(pace=[0.1, 1e300, 0.0, 0.0]), "model"),
        (changed(last={"hugged": 1.0}), "last"),
        (changed(last={"watered": NOW + 3600}), "last"),
        (changed(last={"watered": -1.0}), "last"),
        (changed(log=[[1.0]]), "log"),
        (changed(log=[["then", "watered"]]), "log"),
        (changed(log=[[float("nan"), "watered"]]), "log"),
        (changed(log=[[1.0, "watered"]] * 501), "log"),
        (changed(log={"a": 1}), "log"),
    ],
)
def test_what_is_no_profile_says_what_is_wrong(profile: object, wrong: str) -> None:
    with pytest.raises(ProfileError) as refused:
        from_mapping(profile, NOW)
    assert (refused.value.key, refused.value.field) == ("profile_invalid", wrong)


@pytest.mark.parametrize("version", [0, 2, "1", None, True, [1]])
def test_another_version_is_another_thing(version: object) -> None:
    with pytest.raises(ProfileError) as refused:
        from_mapping(changed(version=version), NOW)
    assert refused.value.key == "profile_version"


def deep(levels: int) -> Any:
    nested: Any = []
    for _ in range(levels):
        nested = [nested]
    return nested


def endless() -> Any:
    nested: list[Any] = []
    nested.append(nested)
    nested.append(nested)
    return nested


@pytest.mark.parametrize(
    "profile",
    [
        changed(name="x" * 100_000),
        changed(log=[[1.0, "watered"]] * 50_000),
        changed(model=deep(100_000)),
        changed(model=endless()),
        changed(**{"k" * 300: 1}),
        ["x"] * 1_000_000,
    ],
)
def test_what_is_too_large_is_not_looked_at(profile: object) -> None:
    with pytest.raises(ProfileError) as refused:
        from_mapping(profile, NOW)
    assert refused.value.key == "profile_too_large"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(st.sampled_from(sorted(as_mapping(BASIL))), JSON)
@settings(max_examples=300)
def test_anything_in_the_place_of_anything_is_refused_or_fine(name: str, value: object) -> None:
    try:
        plant = from_mapping(changed(**{name: value}), NOW)
    except ProfileError:
        return
    assert same(from_mapping(as_mapping(plant), NOW), plant)


def test_a_clock_that_was_ahead_does_not_stop_the_learning() -> None:
    assert from_mapping(model(until=NOW + 1e9), NOW).model.until == NOW
