"""ESPHome component: the limits that all pumps of a node have in common."""

from typing import Any

import esphome.codegen as cg
import esphome.config_validation as cv
from esphome.components import binary_sensor, text_sensor
from esphome.const import CONF_ID, CONF_STATUS, ENTITY_CATEGORY_DIAGNOSTIC

DEPENDENCIES = ["api"]
AUTO_LOAD = ["binary_sensor", "switch", "text_sensor"]

CONF_DAILY, CONF_PAUSE, CONF_TANK, CONF_LEAK = "daily", "pause", "tank", "leak"

# How long a contact must be quiet before a pump may run again.
_CLEAR_MS = {CONF_TANK: 10_000, CONF_LEAK: 60_000}

PlantPumps = cg.esphome_ns.namespace("plant_pump").class_("PlantPumps", cg.Component)


def seconds(least: int, most: int) -> Any:
    """Accept a time between these; what is outside is refused and not clamped."""
    return cv.All(
        cv.positive_time_period_milliseconds,
        cv.Range(
            min=cv.TimePeriod(seconds=least),
            max=cv.TimePeriod(seconds=most),
            msg=f"must be between {least} s and {most} s",
        ),
    )


CONFIG_SCHEMA = cv.Schema(
    {
        cv.GenerateID(): cv.declare_id(PlantPumps),
        # All pumps together, in any 24 hours.
        cv.Optional(CONF_DAILY, default="120s"): seconds(1, 120),
        # Between two runs of one pump.
        cv.Optional(CONF_PAUSE, default="60s"): seconds(60, 86_400),
        cv.Optional(CONF_TANK, default=[]): cv.ensure_list(cv.use_id(binary_sensor.BinarySensor)),
        cv.Optional(CONF_LEAK, default=[]): cv.ensure_list(cv.use_id(binary_sensor.BinarySensor)),
        cv.Optional(CONF_STATUS): text_sensor.text_sensor_schema(
            entity_category=ENTITY_CATEGORY_DIAGNOSTIC, icon="mdi:water-pump"
        ),
    }
).extend(cv.COMPONENT_SCHEMA)


async def to_code(config: dict[str, Any]) -> None:
    """Write the C++ that makes it."""
    pumps = cg.new_Pvariable(
        config[CONF_ID],
        config[CONF_DAILY].total_milliseconds,
        config[CONF_PAUSE].total_milliseconds,
    )
    await cg.register_component(pumps, config)
    for kind, clear_ms in _CLEAR_MS.items():
        for contact in config[kind]:
            cg.add(pumps.add_contact(await cg.get_variable(contact), clear_ms))
    if CONF_STATUS in config:
        cg.add(pumps.set_status(await text_sensor.new_text_sensor(config[CONF_STATUS])))
