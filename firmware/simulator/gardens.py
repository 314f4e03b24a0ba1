"""Nodes worth having on a bench: what is fitted, which plant, where it stands."""

from typing import Any

from .weather import Indoors, Outdoors

GARDENS: dict[str, dict[str, Any]] = {
    "basil": {
        "parts": ("soil", "dht22", "bh1750", "pump", "tank", "radio"),
        "plant": "basil",
        "climate": lambda: Indoors(11, window=0.08),
    },
    "monstera": {
        "parts": ("soil", "soil", "bme280", "pump", "light", "leak", "radio"),
        "plant": "monstera",
        "climate": lambda: Indoors(11, window=0.05),
    },
    "ficus": {
        "parts": ("soil", "sht3x", "bh1750", "pump", "tank", "radio"),
        "plant": "ficus",
        "climate": lambda: Indoors(11),
    },
    "succulent": {
        "parts": ("soil", "dht22", "bh1750"),
        "plant": "succulent",
        "climate": lambda: Indoors(6, window=0.12),
    },
    "sill": {
        "board": "esp32s3cam",
        "parts": ("camera", "soil", "bh1750", "pump", "tank", "radio"),
        "plant": "monstera",
        "climate": lambda: Indoors(11, window=0.08),
    },
    "balcony": {
        "board": "esp32c3",
        "parts": ("soil", "sht3x", "battery"),
        "plant": "tomato",
        "climate": lambda: Outdoors(11),
        "settings": {"sleep": 1},
    },
}
