"""Grow lights: whichever Home Assistant can switch, for the plants that stand under them."""
