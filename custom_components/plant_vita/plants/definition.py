"""What a person has said of a plant: the data of its subentry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from ..analysis.lamps import Source
from ..species.thresholds import INTERVALS, LIMITS
from .references import known

SUBENTRY_PLANT: Final = "plant"

CONF_SPECIES: Final = "species"
CONF_OUTDOORS: Final = "outdoors"
CONF_POT_CM: Final = "pot_cm"
CONF_AREA: Final = "area"
CONF_PUMP: Final = "pump"
CONF_GROW_LIGHT: Final = "grow_light"
CONF_CAMERA: Final = "camera"
CONF_SNAPSHOT_DAYS: Final = "snapshot_days"
CONF_RAW_DRY: Final = "raw_dry"
CONF_RAW_WET: Final = "raw_wet"
CONF_SCALES: Final = "scales"
CONF_LIGHT_SOURCE: Final = "light_source"
CONF_LIMITS: Final = "limits"


# Anything that can hold a number; which of them do is known only from their states.
NUMERIC_DOMAINS: Final = ("sensor", "number", "input_number")
HELPER_DOMAINS: Final[Mapping[str, tuple[str, ...]]] = {
    CONF_PUMP: ("switch", "valve", "input_boolean"),
    CONF_GROW_LIGHT: ("light", "switch", "input_boolean"),
    CONF_CAMERA: ("camera", "image"),
}


class Input(StrEnum):
    """What of a plant can be bound to entities. `LIGHT` is illuminance, PPFD or irradiance."""

    MOISTURE = "moisture"
    LIGHT = "light"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    CONDUCTIVITY = "conductivity"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """The raw values of a moisture probe in dry and in wet soil; either may be the larger."""

    dry: float
    wet: float


@dataclass(frozen=True, kw_only=True, slots=True)
class PlantDefinition:
    """One plant as it was set up; `plant_id` is its subentry's and never changes.

    `species` is an id of the catalogue or any text. `inputs`, `pump`, `grow_light` and `camera`
    refer to entities: by the id in the entity registry, which survives renaming, or by entity id
    where an entity has none. `scales` are the points of single moisture probes, `scale` holds for
    those that have none of their own; `lamp` is what shines where light is measured. `limits` are
    the numbers that a person has set over the species' own, by the keys of `species.thresholds`.
    The camera takes a photo every `snapshot_days`, never where that is None. `called` is what each
    of the entities was called when it was last there.
    """

    plant_id: str
    name: str
    species: str = ""
    outdoors: bool = False
    pot_cm: float | None = None
    area: str | None = None
    inputs: Mapping[Input, tuple[str, ...]] = field(default_factory=dict)
    scale: Scale | None = None
    scales: Mapping[str, Scale] = field(default_factory=dict)
    lamp: Source = Source.SUNLIGHT
    pump: str | None = None
    grow_light: str | None = None
    camera: str | None = None
    snapshot_days: int | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)

    def scale_of(self, reference: str) -> Scale | None:
        """What the raw numbers of a moisture probe mean."""
        return self.scales.get(reference, self.scale)

    def has(self, *inputs: Input) -> bool:
        """Whether all of these are bound to something."""
        return all(self.inputs.get(one) for one in inputs)


def from_subentry(subentry: ConfigSubentry) -> PlantDefinition:
    """Read a plant's subentry."""
    data = subentry.data
    dry, wet = data.get(CONF_RAW_DRY), data.get(CONF_RAW_WET)
    return PlantDefinition(
        plant_id=subentry.subentry_id,
        name=subentry.title,
        species=data.get(CONF_SPECIES, ""),
        outdoors=data.get(CONF_OUTDOORS, False),
        pot_cm=data.get(CONF_POT_CM),
        area=data.get(CONF_AREA),
        inputs={one: tuple(data[one]) for one in Input if data.get(one)},
        scale=None if dry is None or wet is None else Scale(dry=dry, wet=wet),
        scales={
            ref: Scale(dry=dry, wet=wet) for ref, (dry, wet) in data.get(CONF_SCALES, {}).items()
        },
        lamp=_lamp(data.get(CONF_LIGHT_SOURCE)),
        pump=data.get(CONF_PUMP),
        grow_light=data.get(CONF_GROW_LIGHT),
        camera=data.get(CONF_CAMERA),
        snapshot_days=data.get(CONF_SNAPSHOT_DAYS),
        limits=_limits(data.get(CONF_LIMITS, {})),
        called={reference: one.entity_id for reference, one in known(data).items()},
    )


def plants(entry: ConfigEntry[Any]) -> dict[str, PlantDefinition]:
    """The plants of a garden by their ids."""
    return {
        plant_id: from_subentry(subentry)
        for plant_id, subentry in entry.subentries.items()
        if subentry.subentry_type == SUBENTRY_PLANT
    }


def _lamp(stored: str | None) -> Source:
    """Daylight, too, for what only a later version knows."""
    return Source(stored) if stored in set(Source) else Source.SUNLIGHT


def _limits(stored: Mapping[str, float]) -> Mapping[str, float]:
    """Without those that only a later version knows."""
    known = {*LIMITS, *INTERVALS}
    return {key: float(number) for key, number in stored.items() if key in known}
