"""What cloud services and models say about a photo or a name, and what that amounts to.

Every text in here is plain: no markup, no addresses, at most 500 characters. It is shown, never
obeyed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from . import errors
from .species import Measure


class Task(StrEnum):
    """What a service can be asked."""

    IDENTIFY = "identify"
    DIAGNOSE = "diagnose"
    ENRICH = "enrich"
    ADVISE = "advise"


class Cause(StrEnum):
    """What can be wrong with a plant, as far as it matters for what to do about it."""

    OVER_WATERED = "over_watered"
    UNDER_WATERED = "under_watered"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    TOO_COLD = "too_cold"
    TOO_HOT = "too_hot"
    DRY_AIR = "dry_air"
    SALTY = "salty"
    HUNGRY = "hungry"
    PEST = "pest"
    FUNGUS = "fungus"
    DISEASE = "disease"  # of bacteria, of viruses, or one that was only named
    DAMAGE = "damage"
    AGEING = "ageing"
    OTHER = "other"


class Severity(StrEnum):
    """How bad it is."""

    SLIGHT = "slight"
    MODERATE = "moderate"
    SEVERE = "severe"


class Outcome(StrEnum):
    """What became of asking one service: an answer, or the key of the error there was."""

    ANSWERED = "answered"
    NO_MATCH = "no_match"  # an answer too: the service knows no such plant
    FAILED = errors.ProviderError.key
    KEY = errors.ProviderKeyError.key
    FORBIDDEN = errors.ProviderForbiddenError.key
    QUOTA = errors.ProviderQuotaError.key
    BUSY = errors.ProviderBusyError.key
    DOWN = errors.ProviderDownError.key
    TIMEOUT = errors.ProviderTimeoutError.key
    BAD_ANSWER = errors.ProviderAnswerError.key
    BLOCKED = errors.ProviderBlockedError.key
    REFUSED = errors.ProviderRefusedError.key
    BLIND = errors.ProviderBlindError.key
    PAUSED = errors.ProviderPausedError.key
    LIMIT = errors.ProviderLimitError.key


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A species that a plant may be.

    `name` is scientific, without its author; `confidence` 0–1 as the service gives it. `gbif` and
    `powo` are the species' ids at GBIF and Plants of the World Online, where the service has them.
    """

    name: str
    confidence: float
    common_names: tuple[str, ...] = ()
    family: str | None = None
    gbif: str | None = None
    powo: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Identified:
    """Which species a service sees, the likeliest first; none is an answer, too.

    `plant` is the probability (0–1) that there is a plant at all, None if the service does not
    tell. `model` is what answered, by the service's own name for it.
    """

    candidates: tuple[Candidate, ...]
    plant: float | None = None
    explanation: str = ""
    model: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """A disease, a pest or a want; `code` is its EPPO code where the service uses them.

    `cause` is what of ours it comes down to. `severity` is None where the service does not tell.
    """

    name: str
    confidence: float
    code: str | None = None
    description: str = ""
    biological: tuple[str, ...] = ()
    chemical: tuple[str, ...] = ()
    prevention: tuple[str, ...] = ()
    cause: Cause = Cause.OTHER
    severity: Severity | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a service would ask a person, and the names of the troubles for yes and for no."""

    text: str
    yes: str
    no: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosed:
    """What is wrong with a plant, the likeliest first; nothing is an answer, too.

    `healthy` is the probability (0–1) that nothing is, None if the service does not tell.
    """

    troubles: tuple[Trouble, ...]
    healthy: float | None = None
    plant: float | None = None
    explanation: str = ""
    model: str = ""
    question: Question | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """What a model says to a person's question; `text` is empty if it cannot tell."""

    text: str
    model: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a database knows of a species; None and empty is what it does not.

    `limits` are the least and the most of each measure in its unit. `water_days` is the usual
    interval between waterings. `texts` maps what a text is about to the text.
    """

    name: str
    common_names: tuple[str, ...] = ()
    family: str | None = None
    limits: Mapping[Measure, tuple[float, float]] = field(default_factory=dict)
    water_days: tuple[float, float] | None = None
    sunlight: tuple[str, ...] = ()
    poisonous_to_pets: bool | None = None
    poisonous_to_humans: bool | None = None
    care_level: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


type Reply = Identified | Diagnosed | Facts | Advice


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """What one service said; `reply` is None exactly if its outcome is a failure.

    `seat` is the id under which the service was set up, `kind` which service it is. `seconds` is
    how long it took. `sent` is whether anything was sent there for this question. `again_at`
    (Unix seconds) is when it can be asked again, where known.
    """

    seat: str
    kind: str
    outcome: Outcome
    reply: Reply | None = None
    seconds: float = 0.0
    cached: bool = False
    sent: bool = False
    again_at: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """A candidate of several services with one confidence (0–1), and the seats that named it."""

    candidate: Candidate
    confidence: float
    seats: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What all services together say.

    `species` is None when none is sure enough: unknown. `troubles` is None when nobody was asked
    for, or nobody could say; empty when they looked and found nothing. `facts` are those of every
    service that had some. `voices` keeps each service's own answer, or why there is none.
    """

    task: Task
    at: float
    voices: tuple[Voice, ...]
    species: Merged | None = None
    candidates: tuple[Merged, ...] = ()
    troubles: tuple[Trouble, ...] | None = None
    healthy: float | None = None
    plant: float | None = None
    facts: tuple[Facts, ...] = ()
