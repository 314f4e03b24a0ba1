"""How each part that can be fitted is made; the table that a new driver is added to.

Every maker gets the board, the place (0 for the first of its kind) and the person's options.
"""

from plantnode import pins
from plantnode.drivers import output

# Channel numbers by place.
SOIL, AIR, PRESSURE, LIGHT_LEVEL, BATTERY, RADIO = 0, 8, 10, 11, 12, 14
TANK, LEAK, PUMP, LIGHT, CAMERA = 20, 24, 32, 40, 48
PWM_HZ = 1000  # above what an eye sees, below what a cheap driver can't follow


def soil(board, place: int, options: dict) -> None:
    """A capacitive soil probe."""
    from plantnode.drivers.soil import SoilProbe

    pin = board.pin("soil", place, options)
    if pin not in board.data["chip"]["adc1"]:
        raise ValueError("pin %d has no ADC1" % pin)
    board.add((SOIL + place, "m"))
    full_uv = board.data["adc_full_uv"]
    board.sensors.append(SoilProbe(pins.make_adc(pin), SOIL + place, board.calibration, full_uv))


def battery(board, place: int, options: dict) -> None:
    """A battery behind a divider."""
    from plantnode.drivers.battery import Battery

    pin = board.pin("battery", place, options)
    board.add((BATTERY, "bat"), (BATTERY + 1, "v"))
    board.sensors.append(Battery(pins.make_adc(pin), BATTERY, BATTERY + 1, options))


def dht22(board, place: int, options: dict) -> None:
    """Air temperature and humidity, one wire."""
    import dht
    import machine

    from plantnode.drivers.air_dht22 import Dht22

    pin = board.pin("dht", place, options)
    board.add((AIR, "t"), (AIR + 1, "h"))
    board.sensors.append(Dht22(dht.DHT22(machine.Pin(pin)), AIR, AIR + 1))


def sht3x(board, _place: int, options: dict) -> None:
    """Air temperature and humidity, I2C."""
    from plantnode.drivers.air_sht3x import ADDRESS, Sht3x

    bus = board.shared_bus()
    board.add((AIR, "t"), (AIR + 1, "h"))
    address = options.get("address", ADDRESS)
    board.sensors.append(Sht3x(bus, (AIR, AIR + 1), address))


def bme280(board, _place: int, options: dict) -> None:
    """Air temperature, humidity and pressure, I2C."""
    from plantnode.drivers.air_bme280 import ADDRESS, Bme280

    bus = board.shared_bus()
    board.add((AIR, "t"), (AIR + 1, "h"), (PRESSURE, "p"))
    address = options.get("address", ADDRESS)
    board.sensors.append(Bme280(bus, (AIR, AIR + 1, PRESSURE), address))


def bh1750(board, _place: int, options: dict) -> None:
    """Illuminance, I2C."""
    from plantnode.drivers.light_bh1750 import ADDRESS, Bh1750

    bus = board.shared_bus()
    board.add((LIGHT_LEVEL, "lx"))
    address = options.get("address", ADDRESS)
    board.sensors.append(Bh1750(bus, LIGHT_LEVEL, address))


def radio(board, _place: int, _options: dict) -> None:
    """The strength of the node's own radio link."""
    import network

    from plantnode.drivers.radio import Radio

    board.add((RADIO, "rssi"))
    board.sensors.append(Radio(network.WLAN(network.STA_IF), RADIO))


def tank(board, place: int, options: dict) -> None:
    """A float switch: closed while there is water."""
    _contact(board, ("tank", TANK, 1), place, options)


def leak(board, place: int, options: dict) -> None:
    """A leak probe: closed while it is wet."""
    _contact(board, ("leak", LEAK, 0), place, options)


def _contact(board, what: tuple, place: int, options: dict) -> None:
    from plantnode.drivers.contact import Contact

    kind, first, level = what
    pin = pins.make_input(board.pin(kind, place, options))
    board.add((first + place, kind))
    contact = Contact(pin, first + place, kind, 1 if options.get("active", level) else 0)
    board.contacts.append(contact)
    board.sensors.append(contact)


def _output_pin(board, slot: str, place: int, options: dict) -> int:
    pin = board.pin(slot, place, options)
    chip = board.data["chip"]
    if pin in chip["input_only"] or pin in chip["strapping"]:
        raise ValueError("pin %d can't be an output" % pin)
    return pin


def pump(board, place: int, options: dict) -> None:
    """A pump behind a MOSFET (active 1) or a relay (often active 0)."""
    pin = _output_pin(board, "pump", place, options)
    made = output.Output(pins.make_output, pin, 1 if options.get("active", 1) else 0)
    board.add((PUMP + place, "pump"))
    board.pumps[PUMP + place] = made


def light(board, place: int, options: dict) -> None:
    """A dimmed grow light."""
    import machine

    if any(eye.clocked for eye in board.cameras.values()):
        raise ValueError("a camera needs the channel that dims")

    active = 1 if options.get("active", 1) else 0
    pin = machine.Pin(_output_pin(board, "light", place, options))
    dark = 0 if active else output.FULL
    made = output.Dimmer(machine.PWM(pin, freq=PWM_HZ, duty_u16=dark), active)
    board.add((LIGHT + place, "light"))
    board.lights[LIGHT + place] = made


def camera(board, place: int, options: dict) -> None:
    """The camera of a board that has one, or of any whose pins are given."""
    try:
        from plantnode.drivers.camera import BoardCamera
    except ImportError:
        raise ValueError("this MicroPython knows no cameras") from None
    flash = options.get("flash", board.data.get("flash"))
    lamp = None
    if flash is not None:
        lamp = output.Output(pins.make_output, board.free_pin(flash))
    turned = [name for key, name in (("flip", "vflip"), ("mirror", "hmirror")) if options.get(key)]
    wiring = options.get("pins") or board.data.get("camera") or {}
    board.add((CAMERA + place, "camera"))
    eye = BoardCamera(wiring, tuple(turned), lamp, with_pump=bool(options.get("with_pump")))
    board.cameras[CAMERA + place] = eye


MAKERS = {
    "soil": soil,
    "battery": battery,
    "dht22": dht22,
    "sht3x": sht3x,
    "bme280": bme280,
    "bh1750": bh1750,
    "radio": radio,
    "tank": tank,
    "leak": leak,
    "pump": pump,
    "light": light,
    "camera": camera,
}
