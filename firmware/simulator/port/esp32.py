# What only the Espressif chips have, as far as the node uses it.
WAKEUP_ALL_LOW, WAKEUP_ANY_HIGH = 0, 1


def wake_on_ext0(pin=None, level=0):
    pass


def wake_on_ext1(pins=None, level=0):
    pass


def wake_on_gpio(pins=None, level=0):
    pass


def gpio_deep_sleep_hold(enable):
    pass


def raw_temperature():
    return 128


def mcu_temperature():
    return 41
