from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.model.species import Band, Measure, Season, Species
from custom_components.plant_vita.species.catalogue import load
from custom_components.plant_vita.species.seasons import TimeOfYear, time_of_year
from custom_components.plant_vita.species.thresholds import (
    LIMITS,
    Edge,
    Limit,
    ThresholdError,
    checked,
    thresholds,
)

SPRING, SUMMER, AUTUMN, WINTER = Season
CATALOGUE = load()
JADE = CATALOGUE["crassula_ovata"]


def figures(band: Band) -> tuple[float, ...]:
    return band.minimum, band.low, band.high, band.maximum


def moisture(overrides: Mapping[str, float], species: Species = JADE) -> tuple[float, ...]:
    return figures(thresholds(species, SUMMER, overrides).bands[Measure.MOISTURE])


def test_a_plant_that_rests_in_winter() -> None:
    summer, winter = thresholds(JADE, SUMMER), thresholds(JADE, WINTER)
    assert {key: figures(band) for key, band in summer.bands.items()} == {
        "moisture": (7, 12, 40, 60),
        "dli": (4, 7, 16, 28),
        "temperature": (3, 15, 30, 40),
        "humidity": (10, 20, 55, 75),
        "conductivity": (50, 150, 700, 1200),
    }
    assert {key: figures(band) for key, band in winter.bands.items()} == {
        "moisture": (4, 8, 30, 50),
        "dli": (2.5, 4.5, 12, 22),
        "temperature": (3, 6, 18, 30),
        "humidity": (10, 20, 55, 75),
        "conductivity": (30, 80, 500, 1000),
    }
    assert (summer.water_days, winter.water_days) == (9, 25)
    assert (summer.feed_days, winter.feed_days) == (28, None)
    assert summer.overridden == frozenset()


def test_a_plant_that_rests_in_summer() -> None:
    cyclamen = CATALOGUE["cyclamen_persicum"]
    assert thresholds(cyclamen, SUMMER).water_days == 21
    assert thresholds(cyclamen, WINTER).water_days == 5
    assert thresholds(cyclamen, SUMMER).feed_days is None
    assert thresholds(cyclamen, WINTER).feed_days == 14


def test_seasons_mix_where_they_meet() -> None:
    half = TimeOfYear(season=WINTER, following=SPRING, share=0.5)
    found = thresholds(JADE, half)
    assert figures(found.bands[Measure.TEMPERATURE]) == (3, 10, 24, 35)
    assert figures(found.bands[Measure.DLI]) == (3.2, 5.8, 14, 25)
    assert found.water_days == 18  # between 25 and 12
    quarter = TimeOfYear(season=WINTER, following=SPRING, share=0.25)
    assert thresholds(JADE, quarter).bands[Measure.TEMPERATURE].low == 8
    # Fed or not fed: there is nothing between.
    assert thresholds(JADE, quarter).feed_days is None
    assert thresholds(JADE, half).feed_days == 28


def test_in_the_middle_of_a_season_it_is_that_season() -> None:
    assert thresholds(JADE, time_of_year(date(2027, 7, 15))) == thresholds(JADE, SUMMER)
    southern = time_of_year(date(2027, 7, 15), southern=True)
    assert thresholds(JADE, southern) == thresholds(JADE, WINTER)


@pytest.mark.parametrize("name", ["crassula_ovata", "tulipa_gesneriana", "caladium_bicolor"])
def test_no_threshold_jumps_from_one_day_to_the_next(name: str) -> None:
    species = CATALOGUE[name]
    day, before = date(2027, 1, 1), thresholds(species, time_of_year(date(2026, 12, 31)))
    for _ in range(366):
        now = thresholds(species, time_of_year(day))
        for measure, band in now.bands.items():
            step = max(
                abs(a - b)
                for a, b in zip(figures(band), figures(before.bands[measure]), strict=True)
            )
            # A twenty-eighth of the way from season to season, and the rounding.
            assert step <= {Measure.CONDUCTIVITY: 25}.get(measure, 2), (day, measure)
        day, before = day + timedelta(days=1), now


def test_a_number_of_the_owner_holds_in_every_season() -> None:
    for season in Season:
        found = thresholds(JADE, season, {"temperature_low": 12, "water_days": 20})
        assert found.bands[Measure.TEMPERATURE].low == 12
        assert found.water_days == 20
        assert found.overridden == {"temperature_low", "water_days"}


def test_an_interval_of_the_owner_feeds_also_what_rests() -> None:
    assert thresholds(JADE, WINTER, {"feed_days": 40}).feed_days == 40


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({}, (7, 12, 40, 60)),
        ({"moisture_low": 20}, (7, 20, 40, 60)),
        ({"moisture_minimum": 30}, (30, 30, 40, 60)),
        ({"moisture_minimum": 70}, (70, 70, 70, 70)),
        ({"moisture_maximum": 10}, (7, 10, 10, 10)),
        ({"moisture_high": 5}, (5, 5, 5, 60)),
        ({"moisture_low": 50, "moisture_high": 55}, (7, 50, 55, 60)),
        ({"moisture_minimum": 2, "moisture_maximum": 30}, (2, 12, 30, 30)),
        ({"moisture_low": 20, "moisture_high": 20}, (7, 20, 20, 60)),
        ({"moisture_minimum": 0, "moisture_maximum": 100}, (0, 12, 40, 100)),
    ],
)
def test_neighbours_that_nobody_set_give_way(
    overrides: dict[str, float], expected: tuple[float, ...]
) -> None:
    assert moisture(overrides) == expected


def test_a_plant_of_which_nothing_is_known() -> None:
    unknown = Species(id="somebase_1", scientific_name="Haemanthus albiflos")
    found = thresholds(unknown, WINTER)
    assert (found.bands, found.water_days, found.feed_days) == ({}, None, None)
    assert thresholds(unknown, time_of_year(date(2027, 3, 1))).water_days is None
    some = thresholds(unknown, WINTER, {"moisture_low": 20, "water_days": 9, "feed_days": 30})
    assert (some.bands, some.water_days, some.feed_days) == ({}, 9, 30)
    whole = {"moisture_minimum": 5, "moisture_low": 20, "moisture_high": 50, "moisture_maximum": 60}
    assert moisture(whole, unknown) == (5, 20, 50, 60)


@pytest.mark.parametrize(
    ("overrides", "key"),
    [
        ({"moisture": 20}, "moisture"),
        ({"light_low": 20}, "light_low"),
        ({"moisture_low": -1}, "moisture_low"),
        ({"moisture_low": 101}, "moisture_low"),
        ({"moisture_low": float("nan")}, "moisture_low"),
        ({"temperature_maximum": float("inf")}, "temperature_maximum"),
        ({"dli_high": 71}, "dli_high"),
        ({"water_days": 0}, "water_days"),
        ({"water_days": 366}, "water_days"),
        ({"feed_days": -3}, "feed_days"),
        ({"moisture_low": 50, "moisture_high": 40}, "moisture_high"),
        ({"moisture_maximum": 49, "moisture_minimum": 50}, "moisture_maximum"),
    ],
)
def test_numbers_that_cannot_hold_are_refused(overrides: dict[str, float], key: str) -> None:
    with pytest.raises(ThresholdError) as raised:
        thresholds(JADE, SUMMER, overrides)
    assert raised.value.key == key
    with pytest.raises(ThresholdError, match=key):
        checked(overrides)


def test_the_limits_a_person_can_set() -> None:
    assert len(LIMITS) == 20
    assert LIMITS["dli_low"] == Limit(
        key="dli_low",
        measure=Measure.DLI,
        edge=Edge.LOW,
        unit="mol/m²/d",
        minimum=0,
        maximum=70,
        decimals=1,
    )
    assert {limit.unit for limit in LIMITS.values()} == {
        "%",
        "mol/m²/d",
        "°C",
        "\N{GREEK SMALL LETTER MU}S/cm",
    }


def test_every_number_of_the_catalogue_could_be_set_by_a_person() -> None:
    for species in CATALOGUE.values():
        for season in Season:
            found = thresholds(species, season)
            numbers = {
                f"{measure}_{edge}": getattr(band, edge)
                for measure, band in found.bands.items()
                for edge in Edge
            }
            assert checked(numbers) == numbers


SETTABLE = st.fixed_dictionaries(
    {},
    optional={
        key: st.integers(int(limit.minimum), int(limit.maximum)) for key, limit in LIMITS.items()
    }
    | {"water_days": st.integers(1, 365), "feed_days": st.integers(1, 365)},
)
MIXED = st.builds(
    TimeOfYear,
    season=st.sampled_from(Season),
    following=st.sampled_from(Season),
    share=st.floats(0, 1),
)


@given(st.sampled_from(sorted(CATALOGUE)), MIXED | st.sampled_from(Season), SETTABLE)
def test_bands_rise_and_hold_what_was_set(
    name: str, season: Season | TimeOfYear, overrides: dict[str, float]
) -> None:
    try:
        checked(overrides)
    except ThresholdError:
        overrides = {key: overrides[key] for key in list(overrides)[:1]}
    found = thresholds(CATALOGUE[name], season, overrides)
    for measure, band in found.bands.items():
        assert list(figures(band)) == sorted(figures(band))
        for edge in Edge:
            key = f"{measure}_{edge}"
            assert key not in overrides or getattr(band, edge) == overrides[key]
