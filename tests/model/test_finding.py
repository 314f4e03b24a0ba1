from custom_components.plant_vita.model import errors
from custom_components.plant_vita.model.finding import Finding, Outcome, Task


def leaves(root: type[errors.PlantVitaError]) -> set[type[errors.PlantVitaError]]:
    found = {root}
    for one in root.__subclasses__():
        found |= leaves(one)
    return found


def test_every_failure_of_one_service_is_an_outcome() -> None:
    keys = {str(one.key) for one in leaves(errors.ProviderError)}
    keys |= {errors.ProviderPausedError.key, errors.ProviderLimitError.key}
    assert {outcome.value for outcome in Outcome} == keys | {"answered", "no_match"}


def test_nobody_asked_and_nothing_found_differ() -> None:
    nobody = Finding(task=Task.IDENTIFY, at=0.0, voices=())
    nothing = Finding(task=Task.DIAGNOSE, at=0.0, voices=(), troubles=())
    assert nobody.troubles is None
    assert nothing.troubles == ()
    assert nobody != nothing


def test_all_that_failed_alike_are_one_failure() -> None:
    assert errors.AllFailedError(["provider_key", "provider_key"]).key == "provider_key"
    assert errors.AllFailedError(["provider_key", "provider_down"]).key == "providers_failed"
