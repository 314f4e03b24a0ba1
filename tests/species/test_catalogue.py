import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from custom_components.plant_vita.model.species import (
    Agent,
    Band,
    Danger,
    Fact,
    Feeding,
    Form,
    Habit,
    Measure,
    Part,
    Season,
    SourceKind,
    Species,
    Substrate,
    Toxicity,
)
from custom_components.plant_vita.species import catalogue
from custom_components.plant_vita.species.catalogue import DATA, GROUPS, load, slug
from tests.house.python_files import PRODUCT

SPRING, SUMMER, AUTUMN, WINTER = Season

# Counts of the first release. An entry that goes away takes somebody's plant with it.
AT_LEAST = {
    "aroids": 27,
    "balcony": 58,
    "bonsai": 16,
    "bulbs": 13,
    "cacti": 27,
    "carnivores": 11,
    "citrus": 11,
    "ferns": 18,
    "flowering_indoor": 46,
    "foliage_small": 36,
    "foliage_trees": 44,
    "fruit": 17,
    "herbs": 38,
    "marantaceae": 12,
    "orchids": 12,
    "palms": 17,
    "patio": 24,
    "succulents": 48,
    "vegetables": 27,
}


def kinds(species: Species, *facts: Fact) -> list[SourceKind]:
    return [species.sources[fact].kind for fact in facts]


def test_an_entry_in_full(plants: dict[str, Species]) -> None:
    plant = plants["spathiphyllum_wallisii"]
    assert plant.scientific_name == "Spathiphyllum wallisii"
    assert plant.family == "Araceae"
    assert plant.synonyms == ("Spathiphyllum floribundum",)
    assert plant.names["en"] == ("peace lily", "white sails", "spathe flower")
    assert plant.names["de"][0] == "Einblatt"
    assert (plant.form, plant.habit) == (Form.UPRIGHT, Habit.EVENLY_MOIST)
    assert plant.substrate is Substrate.LOOSE_TROPICAL
    assert plant.growing == {
        Measure.MOISTURE: Band(minimum=22, low=35, high=65, maximum=80),
        Measure.DLI: Band(minimum=1, low=2, high=7, maximum=12),
        Measure.TEMPERATURE: Band(minimum=12, low=18, high=27, maximum=33),
        Measure.HUMIDITY: Band(minimum=35, low=50, high=80, maximum=95),
        Measure.CONDUCTIVITY: Band(minimum=50, low=150, high=700, maximum=1200),
    }
    assert plant.rests_in == {WINTER}
    # The aroids rest two degrees cooler than they grow.
    assert plant.resting == {
        Measure.MOISTURE: Band(minimum=20, low=30, high=60, maximum=75),
        Measure.DLI: Band(minimum=0.8, low=1.5, high=5, maximum=10),
        Measure.TEMPERATURE: Band(minimum=12, low=16, high=25, maximum=31),
        Measure.CONDUCTIVITY: Band(minimum=30, low=80, high=500, maximum=1000),
    }
    assert plant.water_days == {SPRING: 5, SUMMER: 4, AUTUMN: 6, WINTER: 8}
    assert plant.feeding == Feeding(days=14, seasons=frozenset({SPRING, SUMMER}))
    assert plant.repot_years == 2
    assert plant.toxicity == Toxicity(
        cats=Danger.TOXIC,
        dogs=Danger.TOXIC,
        children=Danger.MILD,
        agent=Agent.CALCIUM_OXALATE,
        part=Part.ALL,
    )


def test_sources_say_no_more_than_the_entry_does(plants: dict[str, Species]) -> None:
    lily = plants["spathiphyllum_wallisii"]
    own = [Fact.NAMES, Fact.HABIT, Fact.TEMPERATURE]
    assert kinds(lily, *own) == [SourceKind.HORTICULTURE] * 3
    # "Evenly moist" and "shade" are known of the peace lily, the figures are those of the word.
    assert kinds(lily, Fact.MOISTURE, Fact.DLI, Fact.WATERING) == [SourceKind.CLASS] * 3
    of_all_aroids = [Fact.HUMIDITY, Fact.FEEDING, Fact.REPOTTING, Fact.REST]
    assert kinds(lily, *of_all_aroids) == [SourceKind.GROUP] * 4
    assert kinds(lily, Fact.TOXICITY) == [SourceKind.FAMILY]
    oleander = plants["nerium_oleander"]
    assert kinds(oleander, Fact.TOXICITY, Fact.REST) == [
        SourceKind.TOXICOLOGY,
        SourceKind.HORTICULTURE,
    ]
    caladium = plants["caladium_bicolor"]
    assert kinds(caladium, Fact.MOISTURE, Fact.WATERING) == [
        SourceKind.ESTIMATE,
        SourceKind.HORTICULTURE,
    ]
    # A group that says how often it is watered is believed before the word for its habit.
    assert kinds(plants["tagetes_patula"], Fact.WATERING) == [SourceKind.GROUP]
    assert plants["tagetes_patula"].water_days[SUMMER] == 1
    assert Fact.TOXICITY not in plants["leea_guineensis"].sources
    assert plants["leea_guineensis"].toxicity == Toxicity()


def test_an_air_plant_has_no_soil_to_measure(plants: dict[str, Species]) -> None:
    moss = plants["tillandsia_usneoides"]
    assert not {Measure.MOISTURE, Measure.CONDUCTIVITY} & {*moss.growing, *moss.resting}


def test_a_habit_of_its_own_is_not_given_up_in_its_rest(plants: dict[str, Species]) -> None:
    # The other bulbs of its group dry out in theirs.
    assert plants["convallaria_majalis"].resting[Measure.MOISTURE].low == 30
    assert plants["tulipa_gesneriana"].resting[Measure.MOISTURE].low == 8


def test_no_group_has_lost_a_species() -> None:
    found = {
        name: len(json.loads((DATA / f"{name}.json").read_bytes())["species"]) for name in GROUPS
    }
    assert found.keys() == AT_LEAST.keys()
    assert not {name for name, count in found.items() if count < AT_LEAST[name]}
    assert sum(found.values()) == len(load()) >= 502


def test_every_file_is_read() -> None:
    assert {file.stem for file in DATA.glob("*")} == {*GROUPS, "classes"}


def test_files_stay_readable_line_by_line() -> None:
    for file in DATA.glob("*.json"):
        lines = file.read_text(encoding="utf-8").splitlines()
        assert max(map(len, lines)) <= 160, file.name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Monstera deliciosa", "monstera_deliciosa"),
        ("Citrus × limon", "citrus_limon"),
        ("Opuntia ficus-indica", "opuntia_ficus_indica"),
        ("Hoya lanceolata subsp. bella", "hoya_lanceolata_subsp_bella"),
    ],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_a_species_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    file = tmp_path / "data" / "ferns.json"
    content = json.loads(file.read_text())
    content["species"].append(content["species"][0])
    file.write_text(json.dumps(content))
    with pytest.raises(ValueError, match="twice in the catalogue: nephrolepis_exaltata"):
        load(tmp_path / "data")


@pytest.mark.parametrize("file", ["classes.json", "aroids.json"])
def test_damaged_and_missing_files_are_told_from_an_empty_catalogue(
    tmp_path: Path, file: str
) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / file).write_text("{")
    with pytest.raises(ValueError, match="Expecting property name"):
        load(tmp_path / "data")
    (tmp_path / "data" / file).unlink()
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "data")


# Home Assistant's place is a folder without a zip, a package or a working directory around it.
PROGRAM = """
import importlib, pathlib, sys, types
folder = sys.argv[1]
sys.modules["homeassistant"] = None
for parent, place in (("custom_components", pathlib.Path(folder).parent),
                      ("custom_components.plant_vita", pathlib.Path(folder))):
    stub = types.ModuleType(parent)
    stub.__path__ = [str(place)]
    sys.modules[parent] = stub
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
for module in ("catalogue", "search", "seasons", "thresholds"):
    importlib.import_module("custom_components.plant_vita.species." + module)
print(sum(name.endswith(".json") for name in opened))
package = sys.modules["custom_components.plant_vita.species.catalogue"]
print(len(package.load()))
print(sum(name.endswith(".json") for name in opened))
"""


def test_it_loads_from_a_folder_of_its_own_and_reads_nothing_before(tmp_path: Path) -> None:
    home = tmp_path / "config" / "custom_components" / "plant_vita"
    for part in ("model", "species"):
        shutil.copytree(PRODUCT / part, home / part)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert done.stdout.split() == ["0", str(len(load())), str(len(GROUPS) + 1)]


def fastest(*works: Callable[[], object], rounds: int = 15) -> tuple[float, ...]:
    """The processor seconds of the fastest run of each: the others met a busy machine.

    In turns, so that whatever slows the machine for a while slows all of them.
    """
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, times in zip(works, found, strict=True):
            begun = time.thread_time()
            work()
            times.append(time.thread_time() - begun)
    return tuple(map(min, found))


def test_loading_costs_little_more_than_parsing() -> None:
    # 10 ms on the machine it was written on, 30 are allowed. A slow machine parses as slowly.
    files = [file.read_bytes() for file in DATA.glob("*.json")]
    parsing, loading = fastest(lambda: [json.loads(file) for file in files], catalogue.load)
    assert loading < 8 * parsing, f"{loading * 1000:.1f} ms, parsing alone {parsing * 1000:.1f} ms"
