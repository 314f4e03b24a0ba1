"""Write the Arduino's tables: what is true of every node is written down once, in Python.

`python -m scripts.generate_tables` writes `tables.h` and `tables.cpp` in
`firmware/arduino/plant_node/src/` from the product's quantities and the constants of the ESP32's
firmware. A test fails when a file in the repository differs from what would be written.
"""

import ast
import runpy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "firmware" / "arduino" / "plant_node" / "src"
_QUANTITY = ROOT / "custom_components" / "plant_vita" / "model" / "quantity.py"
_NODE = ROOT / "firmware" / "esp32" / "plantnode"

# What can hang on an Arduino; of the other quantities its firmware need not know the name.
KNOWN = ("m", "t", "h", "lx", "tank", "leak")
# Values of 16 bits on the board: a number moved up so that frost fits, below the faults' codes.
SHIFT = 1000
HIGHEST = 65_000

_NOTICE = """\
// Made by `python -m scripts.generate_tables`: change the Python it is made from, never this file.
"""
_TOP = f"""{_NOTICE}\
#pragma once
#include <stdint.h>

#include "flash.h"

"""
_STRUCT = """\
// One kind of channel. What is told counts in units of 10 to the power of minus `decimals` of the
// protocol's unit, `unit` thousandths each. `lowest` and `highest` are in that unit and moved up by
// kShift; `band` is the dead-band in thousandths.
struct KindRow {
  char wire[6];
  uint8_t decimals;
  uint8_t median;
  uint16_t unit, band;
  uint16_t heartbeat;  // seconds
  uint16_t lowest, highest;
};
"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kind as the header shows it."""

    name: str
    wire: str
    decimals: int
    median: int
    band: int
    heartbeat: int
    minimum: float = 0
    maximum: float = 0

    def text(self) -> str:
        """The row's C++."""
        steps = 10**self.decimals
        ends = [min(HIGHEST, SHIFT + round(end * steps)) for end in (self.minimum, self.maximum)]
        numbers = (self.decimals, self.median, 1000 // steps, self.band, self.heartbeat, *ends)
        return f'    {{"{self.wire}", {", ".join(map(str, numbers))}}},'


def constants(path: Path) -> dict[str, Any]:
    """Read the plain constants at the top of a module without running it."""
    found: dict[str, Any] = {}
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, ast.Assign):
            continue
        targets = node.targets[0]
        try:
            value = ast.literal_eval(node.value)
        except ValueError:
            continue
        if isinstance(targets, ast.Name):
            found[targets.id] = value
        elif isinstance(targets, ast.Tuple):
            names = [name.id for name in targets.elts if isinstance(name, ast.Name)]
            found.update(zip(names, value, strict=True))
    return found


def _rows() -> list[Row]:
    product = runpy.run_path(str(_QUANTITY))
    defaults = constants(_NODE / "filter.py")["DEFAULTS"]
    ranges = {q.wire: (q.key, q.minimum, q.maximum) for q in product["QUANTITIES"]}
    ranges |= {str(kind): (str(kind), 0, 1) for kind in product["ContactKind"]}
    rows = []
    for wire in KNOWN:
        key, low, high = ranges[wire]
        median, band, heartbeat, decimals = defaults[wire]
        rows.append(
            Row(
                name=_camel(key),
                wire=wire,
                decimals=decimals,
                median=median,
                band=round(band * 1000),
                heartbeat=heartbeat,
                minimum=low,
                maximum=high,
            )
        )
    for kind in product["ActuatorKind"]:
        nothing = {"decimals": 0, "median": 1, "band": 0, "heartbeat": 0}
        rows.append(Row(name=_camel(kind), wire=kind, **nothing))
    return rows


def _camel(name: str) -> str:
    return "k" + "".join(part.capitalize() for part in name.split("_"))


def _limits() -> list[tuple[str, str, int, str]]:
    """(C++ type, name, value, why) of every number that is shared."""
    node = constants(_NODE / "limits.py")
    soil = constants(_NODE / "calibration.py")
    contact = constants(_NODE / "drivers" / "contact.py")
    probe = constants(_NODE / "drivers" / "soil.py")
    filters = constants(_NODE / "filter.py")
    sampler = constants(_NODE / "sampler.py")
    return [
        ("uint16_t", "kPumpMsMax", node["PUMP_MS_MAX"], "W2: one watering"),
        ("uint32_t", "kPumpBudgetMs", node["PUMP_BUDGET_MS"], "W4: all pumps, a rolling day"),
        ("uint32_t", "kDayMs", node["DAY_MS"], ""),
        ("uint32_t", "kSoakMs", node["SOAK_MS"], "W5: between two waterings of one channel"),
        ("uint32_t", "kLightMsMax", node["LIGHT_MS_MAX"], ""),
        ("uint8_t", "kIdsKept", node["IDS_KEPT"], "W6, at least"),
        ("uint8_t", "kSafetyPollMs", node["SAFETY_POLL_MS"], "contacts and deadlines"),
        ("uint32_t", "kTankClearMs", node["TANK_CLEAR_MS"], "how long a contact must be quiet"),
        ("uint32_t", "kLeakClearMs", node["LEAK_CLEAR_MS"], ""),
        ("uint32_t", "kCalmMs", contact["CALM_MS"], "a danger that ends must have ended"),
        ("uint16_t", "kRateMs", node["RATE_MS"], "between two messages, in the long run"),
        ("int32_t", "kEveryMin", node["EVERY_S"][0], "seconds"),
        ("int32_t", "kEveryMax", node["EVERY_S"][1], ""),
        ("int32_t", "kSampleMin", node["SAMPLE_S"][0], "seconds"),
        ("int32_t", "kSampleMax", node["SAMPLE_S"][1], ""),
        ("uint8_t", "kSampleDefault", sampler["SAMPLE_S"], ""),
        ("uint16_t", "kContactMs", sampler["CONTACT_MS"], "contacts between two rounds"),
        ("uint8_t", "kFaults", filters["FAULTS"], "missed readings in a row that are news"),
        ("uint8_t", "kLightBand", round(filters["LIGHT_BAND"] * 100), "% of what was told"),
        ("uint16_t", "kDryMv", soil["DRY_UV"] // 1000, "until somebody calibrates"),
        ("uint16_t", "kWetMv", soil["WET_UV"] // 1000, ""),
        ("uint16_t", "kLeastMv", soil["LEAST_UV"] // 1000, "between the two points"),
        ("uint8_t", "kMargin", soil["MARGIN"], "% beyond the two points that are no fault"),
        ("uint16_t", "kOpenMv", probe["OPEN_UV"] // 1000, "less is a cut wire"),
        ("uint8_t", "kShortShare", round(probe["SHORT_SHARE"] * 100), "% of the supply"),
    ]


def header() -> str:
    """The whole text of the header."""
    rows = _rows()
    names = ",\n".join(f"  {row.name}" for row in rows)
    version = constants(_NODE / "__init__.py")["VERSION"]
    parts = [
        _TOP + "namespace plant {\n",
        f'#define PV_VERSION "{version}"\n',
        "// What a channel is; the rows of the table follow in the same order.",
        f"enum class Kind : uint8_t {{\n  kNone,\n{names},\n}};\n",
        _STRUCT,
        f"constexpr uint16_t kShift = {SHIFT};",
        f"constexpr uint8_t kKinds = {len(rows)};",
        "extern const KindRow kKindRows[kKinds] PROGMEM;\n",
    ]
    for kind, name, value, why in _limits():
        comment = f"  // {why}" if why else ""
        parts.append(f"constexpr {kind} {name} = {value};{comment}")
    return "\n".join(parts) + "\n\n}  // namespace plant\n"


def table() -> str:
    """The whole text of the table of kinds."""
    begin = f'{_NOTICE}#include "tables.h"\n\nnamespace plant {{\n\n'
    rows = "\n".join(row.text() for row in _rows())
    end = "\n};\n\n}  // namespace plant\n"
    return f"{begin}const KindRow kKindRows[kKinds] PROGMEM = {{\n{rows}{end}"


FILES = {"tables.h": header, "tables.cpp": table}


def main() -> None:
    """Write the files."""
    for name, make in FILES.items():
        (FOLDER / name).write_text(make())
        print(f"{(FOLDER / name).relative_to(ROOT)} written")


if __name__ == "__main__":
    main()
