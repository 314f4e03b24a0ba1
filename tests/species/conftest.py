import pytest

from custom_components.plant_vita.model.species import Species
from custom_components.plant_vita.species import catalogue
from custom_components.plant_vita.species.search import SpeciesIndex


@pytest.fixture(scope="session")
def plants() -> dict[str, Species]:
    """The catalogue as it is shipped."""
    return catalogue.load()


@pytest.fixture(scope="session")
def index(plants: dict[str, Species]) -> SpeciesIndex:
    return SpeciesIndex(plants.values())
