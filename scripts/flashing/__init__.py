"""Turns a bare ESP32 board into a Plant Vita node. See docs/firmware.md."""
