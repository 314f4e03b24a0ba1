"""A laboratory: a real Home Assistant on loopback, set up without its user interface.

`scripts/develop` and the tests that start real processes are built on it.
"""
