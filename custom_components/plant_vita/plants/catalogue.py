"""The built-in catalogue of species: read once, when the first plant needs it."""

from dataclasses import dataclass

from homeassistant.core import HomeAssistant
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..model.species import Species
from ..species import catalogue
from ..species.search import SpeciesIndex

# A name written out in full scores 1 or more.
_SURE = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Ids of what a person may have meant, the best first; `sure` if it can be nothing else."""

    likely: tuple[str, ...]
    sure: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """All species by their ids, and the search in their names."""

    species: dict[str, Species]
    index: SpeciesIndex

    def search(self, query: str, language: str) -> Found:
        """Look for what was typed; takes a few milliseconds, and any thread may do it."""
        matches = self.index.search(query, language, limit=8)
        exact = [match.species.id for match in matches if match.score >= _SURE]
        return Found(
            likely=tuple(match.species.id for match in matches),
            sure=exact[0] if len(exact) == 1 else None,
        )


DATA_CATALOGUE: HassKey[Catalogue] = HassKey(f"{DOMAIN}_catalogue")


@singleton(DATA_CATALOGUE, async_=True)
async def async_get_catalogue(hass: HomeAssistant) -> Catalogue:
    """Read the files outside of the event loop; all callers get the same one."""
    return await hass.async_add_executor_job(_load)


def _load() -> Catalogue:
    species = catalogue.load()
    return Catalogue(species=species, index=SpeciesIndex(species.values()))
