"""A Raspberry Pi as a plant node: the programs of the ESP32 on CPython, under a guardian.

Two processes. The *node* runs `plantnode`, file for file what an ESP32 runs, and finds here what
MicroPython would have given it. The *guardian* started it and owns every output: a process that is
killed leaves its pins as they are, so whoever may be killed must not be the one who holds a pump.
"""
