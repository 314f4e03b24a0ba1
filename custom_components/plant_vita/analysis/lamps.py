"""From light as the eye weighs it to light as plants do.

PPFD in µmol/(m² s) is what a quantum sensor reads; lux is light as the eye weighs it, and how many
photons there are to a lux depends on the source. Factors in µmol/(m² s) for one lux:

- SUNLIGHT 0.0185: 54 lux to one µmol/(m² s), Thimijan and Heins 1983, HortScience 18(6).
- LED_WHITE 0.0150: phosphor-converted white of 4000–5000 K has 66–70 lx/(µmol/(m² s)), as the same
  conversion of published lamp spectra gives; lamps differ by ± 10 %.
- FLUORESCENT 0.0135: cool white, 74 (Thimijan and Heins).
- SODIUM 0.0122: high-pressure sodium, 82 (same).
- INCANDESCENT 0.0200: 50 (same).
- LED_RED_BLUE 0.0900: a purple grow light; the eye hardly sees its photons. From the eye's
  sensitivity V(λ) of the CIE the factor is 0.03 for red of 630 nm and 0.13–0.14 for red of 660 and
  blue of 450 nm: lux is a poor way to measure such a lamp.
"""

from enum import StrEnum


class Source(StrEnum):
    """What shines."""

    SUNLIGHT = "sunlight"
    LED_WHITE = "led_white"
    LED_RED_BLUE = "led_red_blue"
    FLUORESCENT = "fluorescent"
    SODIUM = "sodium"
    INCANDESCENT = "incandescent"


PPFD_PER_LUX = {
    Source.SUNLIGHT: 0.0185,
    Source.LED_WHITE: 0.0150,
    Source.LED_RED_BLUE: 0.0900,
    Source.FLUORESCENT: 0.0135,
    Source.SODIUM: 0.0122,
    Source.INCANDESCENT: 0.0200,
}


def ppfd_from_lux(lux: float, source: Source) -> float:
    """PPFD in µmol/(m² s) of illuminance in lx under `source`."""
    return lux * PPFD_PER_LUX[source]
