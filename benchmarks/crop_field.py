"""A field of the crop model AquaCrop that is irrigated from outside; run where the model is.

It reads a line of JSON and answers with one: `[climate, crop, sown, year, threshold]` begins a
season, with a fixed threshold (% of the available water of the root zone, AquaCrop's own way; 0 is
rain alone) or null; after that a number of mm irrigates the day and goes on to the next. An answer
is `{"wet": …, "rain": […]}`: how much of the water that the roots can reach is there on the
morning, in % (0 is the wilting point, 100 field capacity), and the rain of this day and the next,
in mm; or, once the season is over, `{"irrigation": mm, "yield": t/ha}`.
"""

import importlib
import json
import os
import sys
import warnings
from typing import Any

import numpy as np

SOIL = "SandyLoam"


class Season:
    """One season of one field."""

    def __init__(
        self, climate: str, crop: str, sown: str, year: int, threshold: float | None
    ) -> None:
        """Sow it at field capacity."""
        core, utils = (importlib.import_module(name) for name in ("aquacrop", "aquacrop.utils"))
        solution = importlib.import_module("aquacrop.solution.root_zone_water")
        self._zone = solution.root_zone_water
        weather = utils.prepare_weather(utils.get_filepath(f"{climate}_climate.txt"))
        way: dict[str, Any] = {"irrigation_method": 5, "depth": 0}
        if threshold == 0:
            way = {"irrigation_method": 0}
        elif threshold is not None:
            way = {"irrigation_method": 1, "SMT": [threshold] * 4}
        self._model = core.AquaCropModel(
            f"{year}/{sown}",
            f"{year + 1}/{sown}",
            weather,
            core.Soil(SOIL),
            core.Crop(crop, planting_date=sown),
            core.InitialWaterContent(value=["FC"]),
            core.IrrigationManagement(**way),
        )
        self._model._initialize()  # noqa: SLF001 - else the first step would do it, and run
        first = np.datetime64(f"{year}-{sown.replace('/', '-')}")
        self._rain = weather["Precipitation"].values[weather.Date.values >= first]
        self._day = 0

    @property
    def over(self) -> bool:
        """Whether it is harvested."""
        clock, now = self._model._clock_struct, self._model._init_cond  # noqa: SLF001
        return bool(clock.model_is_finished or now.harvest_flag)

    def morning(self) -> dict[str, Any]:
        """What is seen before the day begins."""
        now, parameters = self._model._init_cond, self._model._param_struct  # noqa: SLF001
        crop = parameters.Seasonal_Crop_List[self._model._clock_struct.season_counter]  # noqa: SLF001
        soil = parameters.Soil
        zone = self._zone(
            soil.Profile, float(now.z_root), now.th, soil.z_top, float(crop.Zmin), crop.Aer
        )
        wet = 100.0 * (1.0 - float(zone[2]) / float(zone[4]))
        return {"wet": wet, "rain": [float(mm) for mm in self._rain[self._day : self._day + 2]]}

    def go_on(self, mm: float) -> None:
        """One day with so much irrigation."""
        self._model._param_struct.IrrMngt.depth = mm  # noqa: SLF001
        self._model.run_model(1, initialize_model=False)
        self._day += 1

    def result(self) -> dict[str, float]:
        """What the whole season took and gave."""
        row = self._model._outputs.final_stats.iloc[0]  # noqa: SLF001
        return {
            "irrigation": float(row["Seasonal irrigation (mm)"]),
            "yield": float(row["Dry yield (tonne/ha)"]),
        }


def main() -> None:
    """Season after season until nobody asks any more."""
    for line in sys.stdin:
        climate, crop, sown, year, threshold = json.loads(line)
        season = Season(climate, crop, sown, year, threshold)
        while not season.over:
            mm = 0.0
            if threshold is None:
                sys.stdout.write(json.dumps(season.morning()) + "\n")
                sys.stdout.flush()
                mm = float(json.loads(sys.stdin.readline()))
            season.go_on(mm)
        sys.stdout.write(json.dumps(season.result()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    # It looks for compiled parts that are not there, and says so for each run.
    os.environ["DEVELOPMENT"] = "True"
    warnings.simplefilter("ignore")
    main()
