"""Whatever a pump or a lamp may be about is said in words."""

from custom_components.plant_vita.care.automatic import Mode
from custom_components.plant_vita.care.grow_light import Dark
from custom_components.plant_vita.lighting.lamp import Standing
from custom_components.plant_vita.model.watering import STANDING, Cause
from custom_components.plant_vita.watering import figures
from tests.house.test_translations import texts

# What automatic care says by itself; the rest is why a pump gives nothing to anybody.
PUTS_OFF = """automatic_off too_wet soaking quiet_hours rain frost holiday budget_spent unanswered
    no_reading sensor_stale sensor_flat sensor_range sensor_flawed"""


def test_everything_that_a_pump_may_be_about_has_its_text() -> None:
    named = texts("en")["entity"]
    state = named["sensor"]["watering_state"]
    assert set(state["state"]) == set(figures.STATUS.options or [])
    assert set(state["state_attributes"]["cause"]["state"]) == set(Cause)
    assert set(state["state_attributes"]["reason"]["state"]) < set(state["state"])
    automatic = named["select"]["automatic_watering"]
    assert set(automatic["state"]) == set(Mode)
    said = set(automatic["state_attributes"]["why_not"]["state"])
    assert said == set(STANDING) | set(PUTS_OFF.split())


def test_everything_that_a_lamp_may_be_about_has_its_text() -> None:
    named = texts("en")["entity"]
    state = named["sensor"]["light_state"]
    assert set(state["state"]) == set(Standing)
    assert set(Dark) <= set(Standing)
    assert set(state["state_attributes"]["decided_by"]["state"]) == {"measurement", "time"}
    assert set(named["select"]["automatic_light"]["state"]) == set(Mode)
