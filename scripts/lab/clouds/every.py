"""One of each cloud, by the kind of provider that asks it."""

from .databases import OpenPlantbookCloud, PerenualCloud, TrefleCloud
from .gemini import GeminiCloud
from .plant_id import PlantIdCloud
from .plantnet import PlantNetCloud
from .server import Cloud

CLOUDS: dict[str, type[Cloud]] = {
    "plant_id": PlantIdCloud,
    "plantnet": PlantNetCloud,
    "gemini": GeminiCloud,
    "openplantbook": OpenPlantbookCloud,
    "trefle": TrefleCloud,
    "perenual": PerenualCloud,
}
