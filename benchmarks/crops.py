"""Soil moisture as the crop model AquaCrop computes it from real weather; run where that is.

`python benchmarks/crops.py FOLDER YEARS` writes one file for each climate, crop, soil and way of
irrigating, with the days' moisture of the upper 10 and 30 cm (% of volume), temperature (°C) and
vapour pressure deficit (kPa). The climates come with the package (MIT licence); the model is
AquaCrop of the FAO as aquacrop-ospy has it.
"""

import importlib
import os
import sys
import warnings
from pathlib import Path

import numpy as np

# Climate, the crop that is usual there, and the day on which it is sown.
FIELDS = (
    ("tunis", "Maize", "05/01"),
    ("tunis", "Tomato", "04/15"),
    ("brussels", "Maize", "05/01"),
    ("brussels", "Potato", "04/25"),
    ("hyderabad", "Maize", "07/01"),
    ("hyderabad", "Tomato", "11/01"),
    ("champion", "Maize", "05/01"),
    ("cordoba", "Tomato", "04/15"),
)
SOILS = ("SandyLoam", "ClayLoam")
# Irrigated when half of what the roots can reach is used up, or never.
MANAGEMENT = {"irrigated": {"irrigation_method": 1, "SMT": [50] * 4}, "rainfed": {}}


def _vapour_pressure(temperature: np.ndarray) -> np.ndarray:
    pressure: np.ndarray = 0.6108 * np.exp(17.27 * temperature / (temperature + 237.3))
    return pressure


def _write(folder: Path, field: tuple[str, str, str], soil: str, way: str, years: int) -> None:
    core, utils = (importlib.import_module(name) for name in ("aquacrop", "aquacrop.utils"))
    climate, crop, sown = field
    weather = utils.prepare_weather(utils.get_filepath(f"{climate}_climate.txt"))
    first = weather.Date.iloc[0].year
    last = min(weather.Date.iloc[-1].year, first + years)
    model = core.AquaCropModel(
        f"{first}/{sown}",
        f"{last}/10/30",
        weather,
        core.Soil(soil),
        core.Crop(crop, planting_date=sown),
        core.InitialWaterContent(value=["FC"]),
        core.IrrigationManagement(**({"irrigation_method": 0} | MANAGEMENT[way])),
        off_season=True,
    )
    model.run_model(till_termination=True)
    layers = 100 * np.asarray(model._outputs.water_storage[["th1", "th2", "th3"]])  # noqa: SLF001
    begin = int(np.searchsorted(weather.Date.dt.strftime("%Y/%m/%d"), f"{first}/{sown}"))
    days = weather.iloc[begin : begin + len(layers)]
    low, high = np.asarray(days.MinTemp, float), np.asarray(days.MaxTemp, float)
    np.savez_compressed(
        folder / f"{climate}-{crop.lower()}-{soil.lower()}-{way}.npz",
        upper10=layers[:, 0],
        upper30=layers.mean(axis=1),
        temperature=(low + high) / 2,
        # The dew point is about the night's lowest temperature (FAO Irrigation paper 56).
        vpd=np.maximum((_vapour_pressure(high) - _vapour_pressure(low)) / 2, 0.0),
    )


def main() -> None:
    """Write all of them."""
    folder, years = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for field in FIELDS:
        for soil in SOILS:
            for way in MANAGEMENT:
                _write(folder, field, soil, way, years)


if __name__ == "__main__":
    # It looks for compiled parts that are not there, and says so for each run.
    os.environ["DEVELOPMENT"] = "True"
    warnings.simplefilter("ignore")
    main()
