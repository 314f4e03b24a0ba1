"""How pins, converters and the bus of the chip are made: all that drivers are handed."""

import machine


def make_output(number: int, level: int):
    """A pin that becomes an output at this level, without a moment at the other one."""
    return machine.Pin(number, machine.Pin.OUT, value=level)


def make_input(number: int):
    """A pin with its pull-up."""
    return machine.Pin(number, machine.Pin.IN, machine.Pin.PULL_UP)


def make_adc(number: int):
    """An analogue pin over the widest range the chip has."""
    return machine.ADC(machine.Pin(number), atten=machine.ADC.ATTN_11DB)


def make_bus(wiring: dict):
    """The I2C bus."""
    scl, sda = machine.Pin(wiring["scl"]), machine.Pin(wiring["sda"])
    return machine.I2C(wiring["id"], scl=scl, sda=sda, freq=100_000)
