"""Home Assistant code that Home Assistant does not name."""
