"""Whatever model is set up in Home Assistant, asked through the house itself: no key, no address.

It is given pictures, data and a schema, and nothing that it could do something with.
"""

from typing import Final, override

import aiohttp

from ..model.errors import ProviderDownError
from ..model.finding import Reply, Task
from .answer import Answer
from .inquiry import INSTRUCTIONS, SCHEMAS, data_of, read_reply
from .provider import Account, Ask, Balance, Bill, Models, Provider, Spec

ENTITY: Final = "entity"


class AiTask(Provider):
    """One model of the house, by its entity."""

    def __init__(self, account: Account, _: aiohttp.ClientSession) -> None:
        self._account = account

    @property
    def _models(self) -> Models:
        if self._account.models is None:
            raise ProviderDownError("no house to ask", unbilled=True)
        return self._account.models

    @property
    def _entity(self) -> str:
        return self._account.options[ENTITY]

    @override
    async def answer(self, ask: Ask, bill: Bill) -> Reply:
        """Ask for data of a schema, and take nothing else."""
        models = self._models
        model = models.check(self._entity)
        await bill()
        said = await models.generate(
            self._entity,
            f"{INSTRUCTIONS[ask.task]}\n\nThe JSON object:\n{data_of(ask)}",
            SCHEMAS[ask.task],
            ask.photos,
        )
        return read_reply(ask, Answer(said), model)

    @override
    async def check(self) -> Balance:
        """See whether the model is there; it is asked nothing."""
        self._models.check(self._entity)
        return Balance()

    @override
    async def close(self) -> None:
        """Nothing is held."""


SPEC = Spec(
    kind="ai_task",
    name="AI Task",
    api="1",
    tasks=frozenset(Task),
    base_url="",
    open=AiTask,
    # A model on a machine at home takes longer than one in a data centre.
    time_limit=60.0,
    weight=0.3,
    general=True,
    fields=(),
    options={ENTITY: ""},
    entities={ENTITY: "ai_task"},
)
