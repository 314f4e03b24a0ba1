"""Puts a few lines of MicroPython onto a simulated board, in the place of the firmware."""

from firmware.simulator.bench import SimulatedNode


def node_running(folder, program, **how):
    """A node whose flash holds nothing but `program`."""
    flash = folder / "flash"
    flash.mkdir(exist_ok=True)
    (flash / "boot.py").write_text("")
    (flash / "main.py").write_text(program)
    return SimulatedNode(folder / "node", flash=flash, **how)
