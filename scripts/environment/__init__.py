"""Prepare a bare clone: Python 3.14, MicroPython, virtual environments, system packages.

Runs on the Python that the machine already has (3.11 or newer), with its standard library only.
Everything it makes lies in ignored folders of this clone, so clones do not disturb each other.
"""
