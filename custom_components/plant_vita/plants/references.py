"""What plants are bound to is found again, also where an entity was registered anew.

An entity is remembered by its id in the entity registry, which outlives every renaming. The
registry is written ten seconds after an entity has first appeared, a subentry after one: whoever is
killed in between knows an id that nobody ever heard of, and a plant would be without its pump. So
beside each id stands what the entity is known by for ever: its platform, and that platform's own id
of it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

# Beside the ids themselves, in a subentry and in the options of the garden.
CONF_REFERENCES: Final = "references"

type Data = Mapping[str, Any]


class Known(NamedTuple):
    """What an entity was called at last, its platform, and its unique id there."""

    entity_id: str
    platform: str
    unique_id: str

    @property
    def identity(self) -> tuple[str, str, str]:
        """What never changes of it."""
        return (self.entity_id.partition(".")[0], self.platform, self.unique_id)


class References:
    """Those of one garden: its options, and the data of its plants."""

    def __init__(self, hass: HomeAssistant, garden: ConfigEntry[Any]) -> None:
        """Nothing was looked at yet."""
        self._hass = hass
        self._garden = garden
        # Whole data by the id of its plant, empty for the options: what is the same is not read
        # through again, whatever else of a large garden has changed.
        self._seen: dict[str, Data] = {}
        self._identities: dict[str, set[tuple[str, str, str]]] = {}

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Look, and again whenever something appears that is missed; returns what ends that."""
        self.async_follow()
        return self._hass.bus.async_listen(
            er.EVENT_ENTITY_REGISTRY_UPDATED, self._async_appeared, event_filter=self._is_ours
        )

    @callback
    def async_follow(self) -> None:
        """Remember what each entity is known by; give those registered anew their new id."""
        garden, entries = self._garden, self._hass.config_entries
        if (options := self._mended("", garden.options)) is not None:
            entries.async_update_entry(garden, options=options)
        self._seen[""] = garden.options
        for plant_id, subentry in list(garden.subentries.items()):
            if (data := self._mended(plant_id, subentry.data)) is not None:
                entries.async_update_subentry(garden, subentry, data=data)
            self._seen[plant_id] = subentry.data

    def _mended(self, whose: str, data: Data) -> dict[str, Any] | None:
        """The data as it should be, None if it is."""
        if self._seen.get(whose) is data:
            return None
        better = mended(er.async_get(self._hass), data)
        self._identities[whose] = {one.identity for one in known(better).values()}
        return better if better != data else None

    @callback
    def _is_ours(self, data: er.EventEntityRegistryUpdatedData) -> bool:
        entry = er.async_get(self._hass).async_get(data["entity_id"])
        if data["action"] != "create" or entry is None:
            return False
        identity = (entry.domain, entry.platform, str(entry.unique_id))
        return any(identity in ours for ours in self._identities.values())

    @callback
    def _async_appeared(self, _event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        self._seen.clear()
        self.async_follow()


def known(data: Data) -> dict[str, Known]:
    """Every id of these data with what its entity is known by."""
    stored = data.get(CONF_REFERENCES, {})
    return {id_: Known(*one) for id_, one in stored.items() if len(one) == len(Known._fields)}


def called(data: Data, reference: str) -> str:
    """What a person knew an entity by that is gone."""
    gone = known(data).get(reference)
    return gone.entity_id if gone else reference


def mended(registry: er.EntityRegistry, data: Data) -> dict[str, Any]:
    """The same data with every id as it is now, and what each is known by."""
    before = known(data)
    lost = {id_: one for id_, one in before.items() if not registry.entities.get_entry(id_)}
    renamed = {id_: _found(registry, one) for id_, one in lost.items()}
    rest = _replaced({key: one for key, one in data.items() if key != CONF_REFERENCES}, renamed)
    now = {
        id_: list(one)
        for id_ in dict.fromkeys(_strings(rest))
        if (one := _registered(registry, id_) or before.get(id_))
    }
    return {**rest, CONF_REFERENCES: now} if now else rest


def _registered(registry: er.EntityRegistry, id_: str) -> Known | None:
    entry = registry.entities.get_entry(id_)
    return Known(entry.entity_id, entry.platform, str(entry.unique_id)) if entry else None


def _found(registry: er.EntityRegistry, one: Known) -> str | None:
    """The id that the entity has now, None if there is none."""
    entity_id = registry.async_get_entity_id(*one.identity)
    entry = registry.async_get(entity_id) if entity_id else None
    return entry.id if entry else None


def _strings(data: object) -> Iterator[str]:
    match data:
        case str():
            yield data
        case Mapping():
            for key, one in data.items():
                yield from _strings(key)
                yield from _strings(one)
        case list() | tuple():
            for one in data:
                yield from _strings(one)


def _replaced(data: Any, renamed: Mapping[str, str | None]) -> Any:
    """Ids stand as values, in lists, and as the names of what belongs to an entity."""
    match data:
        case str():
            return renamed.get(data) or data
        case Mapping():
            return {_replaced(key, renamed): _replaced(one, renamed) for key, one in data.items()}
        case list() | tuple():
            return [_replaced(one, renamed) for one in data]
        case _:
            return data
