import difflib
import os
import random
import string
import time
from collections import defaultdict
from collections.abc import Callable

import pytest

from custom_components.plant_vita.model.species import Species
from custom_components.plant_vita.species.folding import folded
from custom_components.plant_vita.species.search import SpeciesIndex

SEED = 20261121
STEP = 1 if os.environ.get("PLANT_VITA_FULL") == "1" else 4


def ids(index: SpeciesIndex, query: str, language: str = "en", limit: int = 10) -> list[str]:
    return [match.species.id for match in index.search(query, language, limit)]


@pytest.mark.parametrize(
    ("query", "language", "expected"),
    [
        ("monsterra", "en", "monstera_deliciosa"),
        ("monsterra", "de", "monstera_deliciosa"),
        ("monsterra", "it", "monstera_deliciosa"),
        ("geldbaum", "de", "crassula_ovata"),
        ("sanseveria", "de", "dracaena_trifasciata"),
        ("sansevieria trifasciata", "en", "dracaena_trifasciata"),
        ("peace lilly", "en", "spathiphyllum_wallisii"),
        ("basilikum", "de", "ocimum_basilicum"),
        ("basilikun", "de", "ocimum_basilicum"),
        ("gatenplant", "nl", "monstera_deliciosa"),
        ("gaten plant", "nl", "monstera_deliciosa"),
        ("misère", "fr", "tradescantia_zebrina"),
        ("MISERE", "fr", "tradescantia_zebrina"),
        ("costilla de adán", "es", "monstera_deliciosa"),
        ("costila adan", "es", "monstera_deliciosa"),
        ("pothos", "en", "epipremnum_aureum"),
        ("efeutüte", "de", "epipremnum_aureum"),
        ("mother in law tongue", "en", "dracaena_trifasciata"),
        ("langue de belle mere", "fr", "dracaena_trifasciata"),
        ("calathea makoyana", "en", "goeppertia_makoyana"),
        ("rosmarinus officinalis", "en", "salvia_rosmarinus"),
        ("loewenmaeulchen", "de", "antirrhinum_majus"),
        ("fleissiges lieschen", "de", "impatiens_walleriana"),
        ("oeillet dinde", "fr", "tagetes_patula"),
        ("citrus x limon", "en", "citrus_limon"),
        ("Zamioculcas zamifolia", "en", "zamioculcas_zamiifolia"),
        ("phaleanopsis", "en", "phalaenopsis_amabilis"),
        ("bouganville", "en", "bougainvillea_glabra"),
        ("ficus binjamina", "en", "ficus_benjamina"),
        ("spiderplant", "en", "chlorophytum_comosum"),
        ("aloevera", "nl", "aloe_vera"),
        ("Monstera deliciosa 'Thai Constellation'", "en", "monstera_deliciosa"),
    ],
)
def test_what_people_type(index: SpeciesIndex, query: str, language: str, expected: str) -> None:
    assert ids(index, query, language)[0] == expected


@pytest.mark.parametrize("query", ["lily peace", "deliciosa monstera", "tongue mother in laws"])
def test_words_in_another_order(index: SpeciesIndex, query: str) -> None:
    expected = {"l": "spathiphyllum_wallisii", "d": "monstera_deliciosa"}
    assert ids(index, query)[0] == expected.get(query[0], "dracaena_trifasciata")


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("mon", "en", "monstera_deliciosa"),
        ("monst", "de", "monstera_deliciosa"),
        ("basi", "de", "ocimum_basilicum"),
        ("laven", "en", "lavandula_angustifolia"),
        ("peace l", "en", "spathiphyllum_wallisii"),
        ("goldfrucht", "de", "chrysalidocarpus_lutescens"),
        ("costilla d", "es", "monstera_deliciosa"),
        ("phalen", "en", "phalaenopsis_amabilis"),  # with a mistake already
    ],
)
def test_a_name_not_yet_finished(
    index: SpeciesIndex, typed: str, language: str, expected: str
) -> None:
    assert ids(index, typed, language)[0] == expected


def test_the_first_letter_already_finds_something(index: SpeciesIndex) -> None:
    for letter in "abcdefghilmnoprstvyz":
        found = index.search(letter, "en", 5)
        assert found, letter
        for match in found:
            assert any(word[0] == letter for word in folded(match.name).split()), match.name


def test_a_genus_finds_its_species(index: SpeciesIndex) -> None:
    assert {name.partition("_")[0] for name in ids(index, "ficus", "en", 5)} == {"ficus"}
    assert {name.partition("_")[0] for name in ids(index, "calathea", "en", 5)} == {"goeppertia"}


def test_the_language_decides_what_a_word_means(index: SpeciesIndex) -> None:
    # A lemon tree in Paris, a citron in London; cucumber in Madrid, melon pear in Berlin.
    assert ids(index, "citron", "fr")[0] == "citrus_limon"
    assert ids(index, "citron", "en")[0] == "citrus_medica"
    assert ids(index, "pepino", "es")[0] == "cucumis_sativus"
    assert ids(index, "pepino", "de")[0] == "solanum_muricatum"


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("zebra plant", "en", ["aphelandra_squarrosa", "haworthiopsis_attenuata"]),
        ("geldboom", "nl", ["crassula_ovata", "pachira_aquatica"]),
        ("friendship plant", "en", ["pilea_involucrata", "billbergia_nutans"]),
    ],
)
def test_of_two_plants_of_one_name_the_one_that_is_usually_called_so(
    index: SpeciesIndex, name: str, language: str, expected: list[str]
) -> None:
    assert ids(index, name, language, 2) == expected


def test_exact_before_beginning_before_alike(index: SpeciesIndex) -> None:
    found = index.search("mentha", "en", 10)
    assert {match.species.id for match in found[:2]} == {"mentha_piperita", "mentha_spicata"}
    exact, part = index.search("minze", "de", 2)
    assert (exact.name, part.name) == ("Minze", "Grüne Minze")
    assert exact.score > 1 > part.score


def test_the_name_that_was_found_is_told(index: SpeciesIndex) -> None:
    assert index.search("geldbom", "nl", 1)[0].name == "geldboom"
    assert index.search("sansevieria laurenti", "en", 1)[0].name == "Sansevieria laurentii"


def test_each_species_once_and_no_more_than_asked_for(index: SpeciesIndex) -> None:
    found = ids(index, "monstera", "en", 50)
    assert len(found) == len(set(found)) > 2
    assert len(ids(index, "plant", "en", 7)) == 7
    assert ids(index, "monstera", "en", 0) == []
    assert ids(index, "monstera", "en", -1) == []


@pytest.mark.parametrize("query", ["", "   ", "×", "!?'", "qqqqqqqq", "монстера", "\0", "🌵"])
def test_nothing_is_found_where_nothing_is(index: SpeciesIndex, query: str) -> None:
    assert index.search(query, "en") == ()


def test_records_of_other_sources_are_found_too() -> None:
    theirs = Species(id="somebase_1", scientific_name="Haemanthus albiflos")
    index = SpeciesIndex([theirs])
    assert index.search("hemanthus albiflos")[0].species is theirs
    assert SpeciesIndex([]).search("monstera") == ()


def test_it_is_the_same_every_time(plants: dict[str, Species], index: SpeciesIndex) -> None:
    again = SpeciesIndex(plants.values())
    for query in ("monsterra", "ficus", "m", "plant", "lys", "rose"):
        assert index.search(query, "en", 20) == again.search(query, "en", 20)


def mistaken(text: str, dice: random.Random) -> str:
    """`text` with one letter lost, added, wrong, or swapped with the next."""
    place = dice.randrange(len(text))
    before, letter, after = text[:place], text[place], text[place + 1 :]
    other = dice.choice(string.ascii_lowercase)
    edits = [before + after, before + other + letter + after, before + other + after]
    if after:
        edits.append(before + after[0] + letter + after[1:])
    return dice.choice(edits)


type Typed = tuple[str, str, frozenset[str]]


def typed_names(plants: dict[str, Species], edits: int) -> list[Typed]:
    """Every name with mistakes: what is typed, in which language, whom it may mean."""
    owners: dict[str, set[str]] = defaultdict(set)
    every = [
        (text, language, species.id)
        for species in plants.values()
        for language, names in (
            ("en", (species.scientific_name, *species.synonyms)),
            *species.names.items(),
        )
        for text in names
    ]
    for text, _, name in every:
        owners[folded(text)].add(name)
    dice = random.Random(SEED)
    found = []
    for text, language, _ in every:
        query = text
        for _ in range(edits):
            query = mistaken(query, dice) or text
        found.append((query, language, frozenset(owners[folded(text)])))
    return found


@pytest.mark.parametrize(("edits", "wanted"), [(0, 1.0), (1, 0.99), (2, 0.96)])
def test_every_name_is_found_in_spite_of_mistakes(
    plants: dict[str, Species], index: SpeciesIndex, edits: int, wanted: float
) -> None:
    typed = typed_names(plants, edits)
    assert len(typed) > 7000
    typed = typed[:: STEP * (edits + 1)]
    lost = [
        query
        for query, language, meant in typed
        if not meant & set(ids(index, query, language, 3 if edits else 1))
    ]
    assert len(lost) <= (1 - wanted) * len(typed), f"{len(lost)}: {lost[:50]}"


def seconds(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def test_it_is_fast(plants: dict[str, Species], index: SpeciesIndex) -> None:
    """All but one search in a hundred take a third of what the standard library's peer takes.

    p99 was 2.3 ms where this was written, with difflib at 17 ms a query; 5 ms are allowed. A ratio
    within one run says the same on any machine.
    """
    every = typed_names(plants, 1)[::21] + typed_names(plants, 2)[::21]
    times = sorted(seconds(lambda q=q, la=la: index.search(q, la, 10)) for q, la, _ in every)
    p99 = times[len(times) * 99 // 100]
    names = [folded(text) for text, _, _ in typed_names(plants, 0)]
    some = [folded(query) for query, _, _ in every[:: len(every) // 12]]
    peer = sorted(
        seconds(lambda q=q: difflib.get_close_matches(q, names, n=3, cutoff=0.6)) for q in some
    )[len(some) // 2]
    assert p99 < peer / 3.4, f"p99 {1000 * p99:.2f} ms, difflib {1000 * peer:.1f} ms"


@pytest.mark.parametrize(
    "query",
    [
        "plant " * 100,
        "a" * 10_000,
        "monsteradeliciosa" * 6000,
        " ".join(string.ascii_lowercase * 2),
        "flower of the plant tree cactus palm fern orchid",
    ],
    ids=["words", "letters", "names", "singles", "sentence"],
)
def test_a_hostile_query_takes_little_longer(index: SpeciesIndex, query: str) -> None:
    ordinary = min(seconds(lambda: index.search("ficus benjamina")) for _ in range(9))
    assert min(seconds(lambda: index.search(query)) for _ in range(5)) < 13 * ordinary
