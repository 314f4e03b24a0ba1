from custom_components.plant_vita.model.finding import (
    Candidate,
    Diagnosed,
    Identified,
    Outcome,
    Trouble,
    Voice,
)
from custom_components.plant_vita.providers.merge import merge_candidates, merge_troubles
from custom_components.plant_vita.providers.registry import PROVIDERS


def voice(kind: str, *candidates: Candidate | tuple[str, float]) -> Voice:
    found = tuple(
        one if isinstance(one, Candidate) else Candidate(name=one[0], confidence=one[1])
        for one in candidates
    )
    reply = Identified(candidates=found)
    return Voice(seat=kind, kind=kind, outcome=Outcome.ANSWERED, reply=reply)


def named(*voices: Voice) -> str | None:
    sure = merge_candidates(voices, PROVIDERS)[1]
    return sure.candidate.name if sure else None


def test_agreement_is_surer_than_either() -> None:
    one = voice("plant_id", ("Ficus elastica", 0.6))
    other = voice("plantnet", ("Ficus elastica Roxb.", 0.6))
    found, sure = merge_candidates((one, other), PROVIDERS)
    assert len(found) == 1
    assert sure is not None
    assert sure.confidence > 0.65
    assert sure.candidate.name == "Ficus elastica"


def test_one_alone_must_be_sure_itself() -> None:
    assert named(voice("plant_id", ("Ficus elastica", 0.8))) == "Ficus elastica"
    assert named(voice("plant_id", ("Ficus elastica", 0.4))) is None
    assert named(voice("plant_id", ("Ficus elastica", 0.5), ("Ficus lyrata", 0.45))) is None
    assert named(voice("plant_id")) is None
    assert named() is None


def test_spellings_hybrids_and_synonyms_are_one_species() -> None:
    old = Candidate(name="Sansevieria trifasciata Prain", confidence=0.7, gbif="11", powo="p1")
    new = Candidate(name="Dracaena trifasciata", confidence=0.7, gbif="11")
    found, sure = merge_candidates((voice("plantnet", old), voice("plant_id", new)), PROVIDERS)
    assert [one.candidate.name for one in found] == ["Dracaena trifasciata"]
    assert sure is not None
    assert sure.candidate.powo == "p1"
    lemon = (voice("plant_id", ("Citrus × limon", 0.6)), voice("plantnet", ("citrus x limon", 0.6)))
    assert len(merge_candidates(lemon, PROVIDERS)[0]) == 1


def test_two_varieties_of_one_service_are_added_up() -> None:
    found, _ = merge_candidates(
        (voice("plant_id", ("Ficus elastica 'Tineke'", 0.5), ("Ficus elastica 'Robusta'", 0.4)),),
        PROVIDERS,
    )
    assert len(found) == 1
    assert found[0].confidence > 0.85


def test_a_general_model_does_not_outvote_two_specialists() -> None:
    specialists = (
        voice("plant_id", ("Ficus elastica", 0.6), ("Ficus lyrata", 0.3)),
        voice("plantnet", ("Ficus elastica", 0.6), ("Ficus lyrata", 0.3)),
    )
    model = voice("gemini", ("Ficus lyrata", 1.0))
    assert named(*specialists, model) == "Ficus elastica"


def test_a_general_model_breaks_a_tie_among_what_specialists_named() -> None:
    tie = voice("plant_id", ("Ficus elastica", 0.48), ("Ficus lyrata", 0.48))
    assert named(tie) is None
    assert named(tie, voice("gemini", ("Ficus lyrata", 0.95))) == "Ficus lyrata"
    invented = voice("gemini", ("Plantus inventus", 1.0))
    found, sure = merge_candidates((tie, invented), PROVIDERS)
    assert sure is None
    assert {one.candidate.name for one in found} == {"Ficus elastica", "Ficus lyrata"}


def test_a_general_model_alone_is_believed_less() -> None:
    assert named(voice("gemini", ("Ficus lyrata", 0.6))) is None
    assert named(voice("gemini", ("Ficus lyrata", 0.95))) == "Ficus lyrata"
    # Specialists that found nothing leave it alone, too.
    assert named(voice("plantnet"), voice("gemini", ("Ficus lyrata", 0.95))) == "Ficus lyrata"


def test_confidences_are_probabilities() -> None:
    voices = (
        voice("plant_id", ("Ficus elastica", 1.0), ("Ficus lyrata", 1.0)),
        voice("plantnet", ("Ficus benjamina", 0.0)),
    )
    found, _ = merge_candidates(voices, PROVIDERS)
    assert 0 < sum(one.confidence for one in found) <= 1


def diagnosed(kind: str, healthy: float | None, *troubles: Trouble) -> Voice:
    reply = Diagnosed(troubles=troubles, healthy=healthy)
    return Voice(seat=kind, kind=kind, outcome=Outcome.ANSWERED, reply=reply)


def test_troubles_are_told_once_and_the_likeliest_first() -> None:
    one = diagnosed("gemini", 0.0, Trouble(name="Overwatering", confidence=0.9))
    other = diagnosed("plant_id", 0.4, Trouble(name="overwatering", confidence=0.5, code="X"))
    third = diagnosed("plantnet", None, Trouble(name="Mites", confidence=0.7))
    troubles, healthy = merge_troubles((one, other, third), PROVIDERS)
    assert troubles is not None
    assert [(t.name, t.code) for t in troubles] == [("Mites", None), ("overwatering", "X")]
    assert healthy is not None
    assert round(healthy, 3) == round(0.4 / 1.3, 3)


def test_nobody_looked_is_not_nothing_found() -> None:
    assert merge_troubles((voice("plant_id", ("Ficus", 1.0)),), PROVIDERS) == (None, None)
    assert merge_troubles((diagnosed("plant_id", 0.9),), PROVIDERS) == ((), 0.9)
