"""Soil probe, DHT22, BH1750, battery, contacts, outputs, radio: each at its edges."""

import pytest

from tests.firmware import rig, under_micropython

rig.plantnode()
from plantnode import clock  # noqa: E402
from plantnode.calibration import Calibration  # noqa: E402
from plantnode.drivers import battery, contact, output  # noqa: E402
from plantnode.drivers.air_dht22 import Dht22  # noqa: E402
from plantnode.drivers.light_bh1750 import Bh1750  # noqa: E402
from plantnode.drivers.radio import Radio  # noqa: E402
from plantnode.drivers.soil import SoilProbe  # noqa: E402
from plantnode.settings import Settings  # noqa: E402


class Adc:
    def __init__(self, *readings):
        self.readings = list(readings)

    def read_uv(self):
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]


class Kept(Settings):
    def put(self, key, value):
        self.values[key] = value


class TestSoilProbe:
    def probe(self, *readings, settings=None):
        return SoilProbe(Adc(*readings), 0, Calibration(settings or Kept()), 3_100_000)

    def test_half_way(self):
        assert self.probe(1_875_000).read() == {0: 50}

    def test_two_spikes_among_five_readings_do_not_count(self):
        probe = self.probe(1_875_000, 3_000_000, 1_875_000, 0, 1_875_000)
        assert probe.read() == {0: 50}

    @pytest.mark.parametrize(("uv", "word"), [(0, "open"), (299_000, "open"), (3_100_000, "short")])
    def test_what_can_not_be_soil(self, uv, word):
        assert self.probe(uv).read() == {0: word}

    def test_a_probe_far_outside_its_scale(self):
        assert self.probe(700_000).read() == {0: "range"}

    def test_calibrates_with_what_it_sees_now(self):
        settings = Kept()
        self.probe(2_400_000, settings=settings).calibrate("dry")
        assert settings.values["cal"] == {"0": {"dry": 2_400_000, "wet": 1_150_000}}

    def test_a_cut_wire_is_no_calibration_point(self):
        settings = Kept()
        with pytest.raises(ValueError, match="open"):
            self.probe(10_000, settings=settings).calibrate("wet")
        assert settings.values == {}


class Dht:
    def __init__(self, *readings):
        self.readings = list(readings)

    def measure(self):
        self.now = self.readings.pop(0)
        if self.now is None:
            raise OSError(116)

    def temperature(self):
        return self.now[0]

    def humidity(self):
        return self.now[1]


class TestDht22:
    def test_reads(self):
        assert Dht22(Dht((21.5, 40.2)), 8, 9).read() == {8: 21.5, 9: 40.2}

    def test_silence_is_an_error_for_the_sampler(self):
        with pytest.raises(OSError, match="116"):
            Dht22(Dht(None), 8, 9).read()

    @pytest.mark.parametrize("reading", [(150, 40), (20, 130), (-60, 40)])
    def test_nonsense_with_a_right_checksum(self, reading):
        assert Dht22(Dht(reading), 8, 9).read() == {8: "range", 9: "range"}

    def test_needs_two_seconds_after_power(self):
        assert Dht22(Dht(), 8, 9).warm_ms == 2000


class LightBus:
    def __init__(self, counts):
        self.counts = counts
        self.written = []

    def writeto(self, address, data):
        self.written.append((address, data))

    def readfrom(self, _address, count):
        if self.counts is None:
            raise OSError(19)
        return self.counts.to_bytes(count, "big")


class TestBh1750:
    def test_the_datasheets_example(self):
        bus = LightBus(0b1000_0011_1001_0000)  # 28 067 lx there
        sensor = Bh1750(bus, 11)
        sensor.start()
        assert bus.written == [(0x23, b"\x01"), (0x23, b"\x10")]
        assert sensor.read()[11] == pytest.approx(28067, abs=0.5)

    def test_dark_and_full(self):
        assert Bh1750(LightBus(0), 11).read() == {11: 0}
        assert Bh1750(LightBus(0xFFFF), 11).read() == {11: "range"}

    def test_waits_for_the_first_measurement_only(self):
        bus = LightBus(120)
        sensor = Bh1750(bus, 11)
        sensor.start()
        assert sensor.settle_ms >= 180
        sensor.read()
        sensor.start()
        assert sensor.settle_ms == 0
        assert len(bus.written) == 2

    def test_starts_anew_after_it_was_silent(self):
        bus = LightBus(120)
        sensor = Bh1750(bus, 11)
        sensor.start()
        sensor.read()
        bus.counts = None
        with pytest.raises(OSError, match="19"):
            sensor.read()
        bus.counts = 240
        sensor.start()
        assert len(bus.written) == 4
        assert sensor.settle_ms >= 180


class TestBattery:
    def read(self, uv, **options):
        return battery.Battery(Adc(uv), 12, 13, options).read()

    def test_full_and_empty_cell(self):
        assert self.read(2_100_000) == {12: 100, 13: 4.2}
        assert self.read(1_500_000) == {12: 0, 13: 3.0}

    def test_two_alkaline_cells_and_another_divider(self):
        values = self.read(820_000, chemistry="alkaline", cells=2, ratio=3.0)
        assert values[13] == pytest.approx(2.46)
        assert 40 < values[12] < 55

    def test_no_battery(self):
        assert self.read(0) == {12: "open", 13: "open"}

    @pytest.mark.parametrize("chemistry", battery.CURVES)
    def test_curves_rise_from_nothing_to_full(self, chemistry):
        curve = battery.CURVES[chemistry]
        assert list(curve) == sorted(curve)
        assert [full for _, full in curve] == sorted({full for _, full in curve})
        assert (curve[0][1], curve[-1][1]) == (0, 100)

    def test_micropython_agrees(self):
        under_micropython.both("""
from plantnode.drivers.battery import CURVES, percent
result = [percent(v / 100, CURVES["liion"]) for v in range(290, 430, 7)]
""")


class Pin:
    def __init__(self, *levels):
        self.levels = list(levels)

    def value(self):
        return self.levels.pop(0) if len(self.levels) > 1 else self.levels[0]


class TestContacts:
    @pytest.fixture(autouse=True)
    def _time(self, monkeypatch):
        self.ms = 10_000
        monkeypatch.setattr(clock, "real_ms", lambda: self.ms)

    def test_a_float_that_hangs_free_or_a_cut_wire_is_an_empty_tank(self):
        assert contact.Contact(Pin(1), 20, "tank", 1).active()
        assert not contact.Contact(Pin(0), 20, "tank", 1).active()

    def test_a_wet_leak_probe(self):
        assert contact.Contact(Pin(0), 24, "leak", 0).read() == {24: 1}
        assert contact.Contact(Pin(1), 24, "leak", 0).read() == {24: 0}

    def test_a_spark_is_not_a_leak(self):
        assert not contact.Contact(Pin(1, 0, 1), 24, "leak", 0).active()
        assert not contact.Contact(Pin(0, 1, 0), 20, "tank", 1).active()

    def test_alarm_at_once_all_clear_after_a_calm(self):
        pin = Pin(0)
        tank = contact.Contact(pin, 20, "tank", 1)
        assert not tank.active()
        pin.levels = [1]
        assert tank.active()
        pin.levels = [0]
        self.ms += 2900
        assert tank.active()
        self.ms += 200
        assert not tank.active()

    def test_one_that_could_not_be_made_is_an_alarm(self):
        assert contact.Stuck("leak", 24).active()

    def test_button(self):
        assert contact.Button(Pin(0)).pressed()
        assert not contact.Button(Pin(1)).pressed()


class OutPin:
    made = None

    def __init__(self, number, level):
        OutPin.made = (number, level)
        self.level = level

    def value(self, level=None):
        if level is None:
            return self.level
        self.level = level
        return None


@pytest.mark.parametrize("active", [0, 1])
def test_an_output_is_off_from_its_first_moment(active):
    made = output.Output(OutPin, 26, active)
    assert OutPin.made == (26, 1 - active)
    assert made.value() == 0
    made.on()
    assert (made.value(), made._pin.level) == (1, active)
    made.off()
    assert (made.value(), made._pin.level) == (0, 1 - active)


class Pwm:
    duty = None

    def duty_u16(self, duty):
        self.duty = duty


@pytest.mark.parametrize(("active", "dark", "third"), [(1, 0, 21845), (0, 65535, 43690)])
def test_a_dimmer_is_dark_at_first_and_stays_in_its_range(active, dark, third):
    pwm = Pwm()
    made = output.Dimmer(pwm, active)
    assert pwm.duty == dark
    assert made.duty_u16(21845) == 21845
    assert pwm.duty == third
    assert made.duty_u16(70_000) == 65535
    assert made.duty_u16(-5) == 0


@pytest.mark.parametrize(("status", "value"), [(-61, -61), (None, "silent"), (31, "silent")])
def test_radio(status, value):
    class Station:
        def status(self, what):
            assert what == "rssi"
            return status

    assert Radio(Station(), 14).read() == {14: value}
