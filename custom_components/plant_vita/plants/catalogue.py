"""The catalogue of species: the built-in one, and what was learnt from databases since.

It is read once, when the first plant needs it. Its names are put in order for searching when
somebody first searches: most houses never do again once their plants are named, and the order is
four times as large as the catalogue.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.singleton import singleton
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..model.species import Fact, Species
from ..species import catalogue
from ..species.search import SpeciesIndex
from ..species.stored import as_stored, from_stored

VERSION: Final = 1
MOST_FOUND: Final = 8
MOST_LEARNT: Final = 500
"""More than anybody has; an automation that asks for all there are must not fill the memory."""

# A name written out in full scores 1 or more.
_SURE = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Ids of what a person may have meant, the best first; `sure` if it can be nothing else."""

    likely: tuple[str, ...]
    sure: str | None


@dataclass(kw_only=True, slots=True)
class Catalogue:
    """All species by their ids, and the search in their names; `learnt` are those of databases.

    Species are added, never taken away.
    """

    species: dict[str, Species]
    _index: SpeciesIndex | None = None
    learnt: dict[str, Species] = field(default_factory=dict)
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def source(self, species_id: str) -> str | None:
        """The database that a species was learnt from; None for the catalogue's own."""
        one = self.learnt.get(species_id)
        return one.sources[Fact.NAMES].name if one else None

    def search(self, query: str, language: str) -> Found:
        """Look for what was typed, in a worker thread: the first time takes some 50 ms."""
        matches = self._indexed().search(query, language, limit=MOST_FOUND)
        exact = [match.species.id for match in matches if match.score >= _SURE]
        return Found(
            likely=tuple(match.species.id for match in matches),
            sure=exact[0] if len(exact) == 1 else None,
        )

    def _indexed(self) -> SpeciesIndex:
        """The index of all species there are; two threads at once may both build it."""
        index = self._index
        if index is None or len(index) != len(self.species):
            # A copy is made in one go: meanwhile the event loop may add to the dictionary.
            self._index = index = SpeciesIndex(list(self.species.values()))
        return index


DATA_CATALOGUE: HassKey[Catalogue] = HassKey(f"{DOMAIN}_catalogue")


@singleton(DATA_CATALOGUE, async_=True)
async def async_get_catalogue(hass: HomeAssistant) -> Catalogue:
    """Read the files outside of the event loop; all callers get the same one."""
    learnt = await _store(hass).async_load() or {}
    return await hass.async_add_executor_job(_load, learnt.get("species", []))


async def async_add_species(hass: HomeAssistant, species: Species) -> bool:
    """Learn a species, for good; False if there is no room for more."""
    known = await async_get_catalogue(hass)
    async with known.changing:
        if species.id in known.species:
            return True
        if len(known.learnt) >= MOST_LEARNT:
            LOGGER.warning("%s is not kept: enough species were learnt", species.scientific_name)
            return False
        learnt = {**known.learnt, species.id: species}
        stored = [as_stored(one) for one in learnt.values()]
        await _store(hass).async_save({"species": stored})
        # The very same dictionary: plants look into it.
        known.species[species.id] = species
        known.learnt = learnt
    return True


def _store(hass: HomeAssistant) -> Store[dict[str, Any]]:
    return Store(hass, VERSION, f"{DOMAIN}.species", atomic_writes=True)


def _load(stored: list[dict[str, Any]]) -> Catalogue:
    species = catalogue.load()
    learnt: dict[str, Species] = {}
    for fields in stored:
        try:
            one = from_stored(fields)
        except AttributeError, LookupError, TypeError, ValueError:
            # As another version wrote it: the databases can be asked again.
            continue
        if one.id not in species:
            learnt[one.id] = one
    species |= learnt
    return Catalogue(species=species, learnt=learnt)
