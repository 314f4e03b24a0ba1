"""Plant Vita."""
