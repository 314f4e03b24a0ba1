"""A plant node: readings to Home Assistant, water and light only within limits of its own."""

VERSION = "0.1.0"
