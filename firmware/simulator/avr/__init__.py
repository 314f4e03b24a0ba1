"""An Arduino without hardware: the real AVR binary in simavr, on a simulated bench."""
