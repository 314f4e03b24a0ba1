import pytest

from custom_components.plant_vita.providers.names import parse_name, searched


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Monstera deliciosa", "Monstera deliciosa"),
        ("Monstera deliciosa Liebm.", "Monstera deliciosa"),
        ("monstera deliciosa", "Monstera deliciosa"),
        ("MONSTERA DELICIOSA", "Monstera deliciosa"),
        ("Monstera Adans.", "Monstera"),
        ("Monstera", "Monstera"),
        ("Monstera sp.", "Monstera"),
        ("Citrus × limon (L.) Osbeck", "Citrus × limon"),
        ("Citrus x limon", "Citrus × limon"),
        ("Citrus ×limon", "Citrus × limon"),
        ("Citrus limon", "Citrus limon"),
        ("×Fatshedera lizei (hort. ex Cochet) Guillaumin", "Fatshedera × lizei"),
        ("× Fatshedera lizei", "Fatshedera × lizei"),
        ("Dracaena trifasciata subsp. sikawae", "Dracaena trifasciata"),
        ("Ficus elastica 'Tineke'", "Ficus elastica"),
        ("Rosa 'Peace'", "Rosa"),
        ("Dieffenbachia seguine var. lineata", "Dieffenbachia seguine"),
        ("Impatiens walleriana Hook.f.", "Impatiens walleriana"),
        ("Aspidistra elatior-minor", "Aspidistra elatior-minor"),
    ],
)
def test_names_are_brought_to_genus_and_epithet(text: str, expected: str) -> None:
    assert str(parse_name(text)) == expected


def test_hybrids_are_the_same_however_they_are_written() -> None:
    keys = {
        found.key
        for text in ("Citrus × limon", "Citrus x limon", "citrus limon", "CITRUS LIMON")
        if (found := parse_name(text)) is not None
    }
    assert keys == {"citrus limon"}


@pytest.mark.parametrize("text", ["", "  ", "123", "×", "'Peace'"])
def test_what_is_no_name_is_none(text: str) -> None:
    assert parse_name(text) is None


def test_databases_are_searched_without_authors_and_signs() -> None:
    assert searched("Citrus × limon (L.) Osbeck") == "Citrus limon"
    assert searched("4711") == "4711"
