import copy
import pickle

import pytest

from custom_components.plant_vita.model.finding import Task
from custom_components.plant_vita.providers.provider import Account, Ask, Secret


def test_a_secret_shows_itself_to_nobody_who_does_not_ask() -> None:
    secret = Secret("canary")
    assert secret.reveal() == "canary"
    for shown in (repr(secret), str(secret), f"{secret}", repr([secret]), repr({"k": secret})):
        assert "canary" not in shown
    with pytest.raises(AttributeError):
        secret.__dict__  # noqa: B018
    assert copy.copy(secret).reveal() == "canary"
    with pytest.raises(TypeError):
        pickle.dumps(secret, protocol=1)


def test_an_account_with_one_secret_has_a_key() -> None:
    account = Account(secrets={"api_key": Secret("canary")}, base_url="https://x.example")
    assert account.key == "canary"
    assert "canary" not in repr(account)


def test_a_question_prints_no_picture() -> None:
    assert repr(Ask(task=Task.ENRICH, name="Ficus")).count("\\x") == 0
