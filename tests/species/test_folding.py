import pytest

from custom_components.plant_vita.species.folding import folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Monstera deliciosa", "monstera deliciosa"),
        ("  Peace   Lily ", "peace lily"),
        ("Köstliches Fensterblatt", "kostliches fensterblatt"),
        ("Fußblatt", "fussblatt"),
        ("FUSSBLATT", "fussblatt"),
        ("misère", "misere"),
        ("costilla de Adán", "costilla de adan"),
        ("Piña", "pina"),
        ("œillet d'Inde", "oeillet dinde"),
        ("d’Inde", "dinde"),
        ("aloë vera", "aloe vera"),
        ("Mother-in-law's tongue", "mother in laws tongue"),
        ("× Citrofortunella mitis", "citrofortunella mitis"),
        ("Citrus × limon", "citrus limon"),
        ("Citrus x limon", "citrus limon"),
        ("Hoya lanceolata subsp. bella", "hoya lanceolata bella"),
        ("Dracaena reflexa var. angustifolia", "dracaena reflexa angustifolia"),
        ("Søster Æble łuk", "soster aeble luk"),
        ("ficus (bonsai), old_one", "ficus bonsai old one"),
        # Silent words are words when there is nothing else: somebody has just begun to type.
        ("x", "x"),
        ("var", "var"),
        # Decomposed by the keyboard instead of composed.
        ("mise\N{COMBINING GRAVE ACCENT}re", "misere"),
        ("монстера", "монстера"),
        ("ﬁcus", "ficus"),
        ("", ""),
        (" ×,;'!", ""),
    ],
)
def test_folding(text: str, expected: str) -> None:
    assert folded(text) == expected
    assert folded(expected) == expected
