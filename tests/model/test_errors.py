import pytest

from custom_components.plant_vita.model import errors


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (errors.PlantVitaError(), "unexpected"),
        (errors.ProtocolError(), "protocol"),
        (errors.FrameError(), "protocol"),
        (errors.LinkError(), "not_connected"),
        (errors.NotConnectedError(), "not_connected"),
        (errors.RateLimitError(), "not_connected"),
        (errors.NoAnswerError(), "no_answer"),
        (errors.PairingError(), "cannot_pair"),
        (errors.WrongCodeError(), "wrong_code"),
        (errors.MalformedCodeError(), "malformed_code"),
        (errors.TooManyTriesError(), "too_many_tries"),
        (errors.NodeSilentError(), "node_silent"),
        (errors.StoreError(), "store_failed"),
        (errors.CableError(), "port_failed"),
        (errors.PortError(), "port_failed"),
        (errors.PortMissingError(), "port_missing"),
        (errors.PortBusyError(), "port_busy"),
        (errors.PortForbiddenError(), "port_forbidden"),
        (errors.PortNameError(), "port_name"),
        (errors.NotANodeError(), "not_a_node"),
        (errors.OtherNodeError("avr1"), "other_node"),
        (errors.RefusedError("soak"), "refused_soak"),
        (errors.ProviderBlindError(), "provider_blind"),
    ],
)
def test_each_error_has_its_text(error: errors.PlantVitaError, key: str) -> None:
    assert error.key == key


def test_a_refusal_says_why_and_until_when() -> None:
    refusal = errors.RefusedError("soak", 59_000)
    assert (refusal.reason, refusal.retry_ms, str(refusal)) == ("soak", 59_000, "soak")
    assert errors.RefusedError("bad").retry_ms is None


def test_a_caller_that_knows_one_kind_of_failure_knows_its_kin() -> None:
    assert issubclass(errors.FrameError, errors.ProtocolError)
    for lost in (errors.RateLimitError, errors.NotConnectedError, errors.NoAnswerError):
        assert issubclass(lost, errors.LinkError)
    for port in (errors.PortMissingError, errors.PortBusyError, errors.PortNameError):
        assert issubclass(port, errors.PortError)
        assert issubclass(port, errors.CableError)
    for unpaired in (errors.WrongCodeError, errors.TooManyTriesError, errors.NodeSilentError):
        assert issubclass(unpaired, errors.PairingError)
    assert not issubclass(errors.RefusedError, errors.LinkError)
