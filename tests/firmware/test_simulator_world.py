"""The world behind the pins: pump, tank, leak, probes, and the parts on the bus."""

import random
from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image

from firmware.simulator.instruments import BusError, Noise, SoilProbe
from firmware.simulator.pot import PLANTS, Pot
from firmware.simulator.pulses import PulseRecord
from firmware.simulator.weather import Indoors
from firmware.simulator.world import World, board_data

PARTS = ("soil", "soil", "dht22", "bme280", "bh1750", "battery", "pump", "light", "tank", "leak")
PUMP, LAMP, TANK, LEAK, BUTTON = 26, 25, 33, 32, 13


def world(*, parts=PARTS, **how):
    return World(board_data("esp32dev"), parts, climate=Indoors(11), **how)


def test_the_pump_delivers_while_its_pin_is_high():
    made = world()
    made.levels[PUMP] = 1
    made.advance(5)
    made.levels[PUMP] = 0
    made.advance(60)
    assert made.pot.poured == pytest.approx(100)
    assert made.tank_ml == pytest.approx(1900)


def test_an_undriven_pin_never_pumps_whatever_its_active_level():
    made = world(parts=(("pump", {"active": 0}),))
    made.advance(10)
    assert made.pot.poured == 0
    made.levels[PUMP] = 0
    made.advance(11)
    made.pins_fall()
    made.advance(20)
    assert made.pot.poured == pytest.approx(20)


def test_an_emptying_tank_opens_its_float_and_then_gives_nothing():
    made = world()
    made.tank_ml = 200
    assert made.inputs()[TANK] == 0
    made.levels[PUMP] = 1
    made.advance(5)
    assert made.inputs()[TANK] == 1
    made.advance(60)
    assert made.pot.poured == pytest.approx(200)
    made.fault("tank", on=False)
    made.levels[PUMP] = 0
    assert made.inputs()[TANK] == 0


def test_a_clogged_pump_takes_nothing_from_the_tank():
    made = world()
    made.fault("clog")
    made.levels[PUMP] = 1
    made.advance(30)
    assert (made.pot.poured, made.tank_ml) == (0, 2000)


def test_a_flood_wets_the_leak_probe_until_it_is_wiped_up():
    made = world(parts=("soil", "pump", "leak"), plant="basil")
    assert made.inputs()[LEAK] == 1
    made.levels[PUMP] = 1
    made.advance(60)
    made.levels[PUMP] = 0
    made.advance(600)
    assert made.inputs()[LEAK] == 0
    made.fault("leak", on=False)
    assert made.inputs()[LEAK] == 1


def test_the_lamp_is_seen_by_the_light_sensor_and_the_plant():
    made = world()
    dark = made.air()
    made.duty[LAMP] = 65535 // 2
    lit = made.air()
    assert lit.light - dark.light == pytest.approx(4500, rel=0.01)
    assert lit.radiation > dark.radiation


def test_the_button():
    made = world()
    assert made.inputs()[BUTTON] == 1
    made.pressed = True
    assert made.inputs()[BUTTON] == 0


@pytest.mark.parametrize(
    ("fault", "low", "high"), [("open", 0, 100_000), ("short", 3_100_000, 3_100_000)]
)
def test_a_broken_probe(fault, low, high):
    made = world()
    made.fault(fault)
    assert low <= made.adc(34) <= high
    made.fault(fault, on=False)
    assert 1_000_000 < made.adc(34) < 2_700_000


def test_silence_of_one_part_and_of_all():
    made = world()
    made.fault("silent:bh1750")
    assert made.i2c("scan", 0, b"", 0) == [0x76]
    with pytest.raises(BusError):
        made.i2c("read", 0x23, b"", 2)
    assert len(made.dht(4)) == 2
    made.fault("silent")
    with pytest.raises(BusError):
        made.dht(4)
    with pytest.raises(BusError):
        made.i2c("read", 0x76, b"\xd0", 1)


def test_an_unknown_fault():
    with pytest.raises(ValueError, match="volcano"):
        world().fault("volcano")


def test_the_same_seed_is_the_same_world_and_another_is_not():
    def readings(seed):
        made = world(seed=seed)
        values = []
        for second in range(0, 3600, 60):
            made.advance(second)
            values.append(made.adc(34))
        return values

    assert readings(3) == readings(3)
    assert readings(3) != readings(4)


def test_time_does_not_go_back():
    made = world()
    made.advance(100)
    made.advance(50)
    assert made.now == 100


def test_noise_is_centred_spiky_and_drifts_slowly():
    noise = Noise(random.Random(1))
    errors = [noise.sample(minute * 60) for minute in range(5000)]
    assert abs(sum(errors) / len(errors)) < 0.3
    assert 20 < sum(1 for error in errors if abs(error) > 7) < 120


def test_a_probe_falls_while_the_soil_gets_wetter():
    probe = SoilProbe(random.Random(1), 0.3)
    probe.noise = Noise(random.Random(1), white=0, spikes=0)
    dry, wet = Pot(PLANTS["basil"], start=0.1), Pot(PLANTS["basil"], start=0.4)
    assert probe.microvolts(dry, 0) - probe.microvolts(wet, 0) > 500_000


class TestPulseRecord:
    def test_a_pulse_from_edge_to_edge(self):
        record = PulseRecord({26: 1})
        assert record.edge(1.0, 26, 0) is False
        assert record.edge(2.0, 26, 1) is True
        assert record.edge(2.5, 26, 1) is False
        assert record.running(26)
        assert record.edge(7.0, 26, 0) is True
        assert [pulse.ms for pulse in record.pulses] == [5000]
        assert not record.running(26)

    def test_an_inverted_pump_and_another_pin(self):
        record = PulseRecord({26: 0})
        assert record.edge(1.0, 25, 1) is False
        assert record.edge(1.0, 26, 0) is True
        assert record.fall(3.0) == [26]
        assert record.pulses[0].ms == 2000
        assert record.fall(4.0) == []
        assert len(record.edges) == 2


def test_a_camera_sees_the_plant_and_the_light_there_is():
    noon = World(board_data("esp32s3cam"), ("camera", "soil"), climate=Indoors(11))
    night = World(board_data("esp32s3cam"), ("camera", "soil"), climate=Indoors(11), began=0.0)
    dry = World(board_data("esp32s3cam"), ("camera",), climate=Indoors(11), start=0.05)
    seen = [world.photo((160, 120), 80) for world in (noon, night, dry)]
    assert len(set(seen)) == 3
    assert seen[0] == noon.photo((160, 120), 80)
    assert seen[0] != noon.photo((160, 120), 80, (1, 0)) != noon.photo((160, 120), 80, (0, 1))
    pictures = [Image.open(BytesIO(data)).convert("RGB").resize((1, 1)) for data in seen]
    bright = [sum(picture.tobytes()) for picture in pictures]
    assert bright[1] < bright[0] / 4
    # Yellow is green with red.
    assert pictures[2].tobytes()[0] > pictures[0].tobytes()[0]
    assert noon.answer(["camera", 160, 120, 80, [0, 0]]) == b64encode(seen[0]).decode()
    noon.fault("silent:camera")
    assert noon.answer(["camera", 160, 120, 80, [0, 0]]) == {"errno": 19}
    assert world().answer(["camera", 160, 120, 80, [0, 0]]) == {"errno": 19}
