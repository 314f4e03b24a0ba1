"""What a provider is: one that can be asked about photos or names."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, override

import aiohttp

from ..model.finding import Reply, Task
from ..model.photo import Photo

type Bill = Callable[[], Awaitable[None]]
type Context = Mapping[str, str | float | int | bool | None]


class Secret:
    """A key that shows itself to nobody who does not ask for it by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The key itself."""
        return self._text

    @override
    def __repr__(self) -> str:
        return "Secret(***)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """One question.

    `photos` (1–5) show one plant; `organs` says of each which part it shows (leaf, flower, fruit,
    bark or auto), or is empty. `name` is a species to look up (Task.ENRICH). `language` is a
    code of two letters. `names` are the species that specialists could not decide between or that
    the plant is thought to be, `context` is what is known of the plant from its sensors, and
    `question` what a person asks (Task.ADVISE): only general models get these.
    """

    task: Task
    photos: tuple[Photo, ...] = ()
    organs: tuple[str, ...] = ()
    name: str = ""
    language: str = "en"
    names: tuple[str, ...] = ()
    context: Context = field(default_factory=dict)
    question: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """What is left of an account, as far as the service tells."""

    remaining: float | None = None


class Provider(Protocol):
    """Somebody who can be asked. Keeps no state of calls: the panel does.

    `answer` awaits `bill` right before each request that counts at the service, and sends nothing
    when that raises. It raises ProviderError and nothing else of its own, `unbilled` only when the
    last such request certainly did nothing. It may be cancelled at any time.
    """

    async def answer(self, ask: Ask, bill: Bill) -> Reply:
        """Answer a question whose task is one of its kind's."""

    async def check(self) -> Balance:
        """See whether the account can be used, for as little as the service allows."""

    async def close(self) -> None:
        """Let go of what it holds."""


class Models(Protocol):
    """The models that the house itself has, by what refers to their entities."""

    def check(self, entity: str) -> str:
        """The name of a model that can be asked.

        Raises ProviderDownError for one that is not there now, ProviderBlindError for one that
        takes no pictures; both `unbilled`.
        """

    async def generate(
        self,
        entity: str,
        instructions: str,
        schema: Mapping[str, Any],
        photos: tuple[Photo, ...],
    ) -> object:
        """What a model makes of these, as JSON types; it is given no tools.

        `schema` is one of `inquiry`; nobody promises that the answer follows it. Raises
        ProviderError.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """How a provider was set up: one secret for each field of its kind, and where it is.

    `models` are those of the house, for the kinds that have no service of their own.
    """

    secrets: Mapping[str, Secret]
    base_url: str
    options: Mapping[str, str] = field(default_factory=dict)
    models: Models | None = None

    @property
    def key(self) -> str:
        """The secret of the kinds that have only one."""
        return self.secrets["api_key"].reveal()


@dataclass(frozen=True, kw_only=True, slots=True)
class Spec:
    """All that is known of a kind of provider before one is set up.

    `api` is part of the cache's key: change it when answers become incomparable. `weight` is what
    its voice counts among those who identify; `general` marks models that explain and break ties.
    `time_limits` are in seconds and include every retry. `daily` is how many calls a day are
    allowed unless the user says otherwise; None where only the service counts. `fields` are the
    secrets it needs, `options` what else can be chosen, with the usual choice; those of them in
    `entities` are entities of the domain given there. `tells` is whether `check` says what is left
    of an account. A kind without a `base_url` is no service elsewhere.
    """

    kind: str
    name: str
    api: str
    tasks: frozenset[Task]
    base_url: str
    open: Callable[[Account, aiohttp.ClientSession], Provider]
    time_limit: float = 20.0
    weight: float = 1.0
    general: bool = False
    daily: int | None = None
    fields: tuple[str, ...] = ("api_key",)
    options: Mapping[str, str] = field(default_factory=dict)
    entities: Mapping[str, str] = field(default_factory=dict)
    loggers: tuple[str, ...] = ()
    tells: bool = False
