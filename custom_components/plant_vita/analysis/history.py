"""What a plant lived through, on one grid: moisture and what drives its drying."""

from dataclasses import dataclass

import numpy as np

from .series import DAY_S, HOUR_S, NOTHING, Floats, Series, interval, regular, trailing_mean

CELLS = (8, 4, 2, 1)
"""Cells a day that are used, the finest that the readings fill."""
FIELDS = ("temperature", "vpd", "light")
_RISE_POINTS, _RISE_SHARE = 1.0, 0.04
_BRIDGED_S = DAY_S


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class History:
    """Cells of `DAY_S / per_day` seconds that end at `end`, the newest last.

    `moisture` (n,) in %, `drivers` (n, 3): temperature in °C, VPD in kPa and light in lx or
    µmol/(m² s) (either; only its course counts). NaN where nothing is known.
    """

    end: float
    per_day: int
    moisture: Floats
    drivers: Floats

    def __len__(self) -> int:
        return len(self.moisture)

    def moment(self, index: int) -> float:
        """When the cell `index` ends, in Unix seconds."""
        return self.end - (len(self) - 1 - index) * DAY_S / self.per_day


@dataclass(frozen=True, kw_only=True, slots=True)
class Drivers:
    """Series of what drives the drying; leave out what is not measured."""

    temperature: Series = NOTHING
    vpd: Series = NOTHING
    light: Series = NOTHING


def cells_a_day(moisture: Series) -> int:
    """As many cells as the readings can fill: 8 for a reading every 3 h or more, down to 1."""
    usual = interval(moisture)
    # Daily readings come a little late at times.
    return next((cells for cells in CELLS if usual <= 1.1 * DAY_S / cells), 1)


def history(
    moisture: Series,
    drivers: Drivers,
    *,
    end: float,
    days: float,
    aligned: bool,
    per_day: int | None = None,
) -> History:
    """The last `days` days before `end` as cells.

    Gaps of moisture are bridged up to a day; a driver is held for three hours. With
    `aligned` the cells end at whole multiples of their length, so that two histories of one plant
    have the same cells; else the last one ends at `end`.
    """
    per_day = per_day or cells_a_day(moisture)
    step = DAY_S / per_day
    if aligned:
        end = end // step * step
    count = max(0, int(days * per_day))
    start = end - count * step
    # A reading at the very end belongs to the last cell.
    start = float(np.nextafter(start, np.inf)) if not aligned else start
    wet = regular(moisture, start=start, step=step, count=count, fill=_BRIDGED_S)
    others = [
        regular(getattr(drivers, name), start=start, step=step, count=count, hold=3 * HOUR_S).values
        for name in FIELDS
    ]
    return History(
        end=end,
        per_day=per_day,
        moisture=wet.values,
        drivers=np.stack(others, axis=1) if count else np.empty((0, len(FIELDS))),
    )


def wettings(moisture: Floats, span: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n,) whether water came in the cell: a rise within one or two cells.

    More than 4 % of `span`, the range that this pot goes through, and more than one point; the
    second cell counts only if it still rises, or the day after each watering would be one too.
    """
    least = max(_RISE_POINTS, _RISE_SHARE * span)
    rise = np.zeros(len(moisture))
    rise[1:] = np.nan_to_num(np.diff(moisture), nan=0.0)
    both = rise.copy()
    both[1:] += rise[:-1]
    return (rise > least) | ((both > least) & (rise > least / 4))


def daily_drivers(past: History) -> Floats:
    """(n, 3) what the drivers were on average over the day before each cell's end."""
    if not len(past):
        return past.drivers
    columns = [trailing_mean(column, past.per_day) for column in past.drivers.T]
    return np.stack(columns, axis=1)
