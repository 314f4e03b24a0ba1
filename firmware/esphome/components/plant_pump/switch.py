"""ESPHome component: one pump, a switch that turns itself off."""

from typing import Any

import esphome.codegen as cg
import esphome.config_validation as cv
import esphome.final_validate as fv
from esphome.components import output, switch
from esphome.const import CONF_ID, CONF_OUTPUT, CONF_RESTORE_MODE

from . import PlantPumps, seconds

CONF_PUMPS, CONF_LONGEST = "pumps_id", "longest"
# As rules.h has it.
_MOST = 8
_PLATFORM = "plant_pump"
_OFF = "ALWAYS_OFF"

PumpSwitch = cg.esphome_ns.namespace(_PLATFORM).class_("PumpSwitch", switch.Switch)

CONFIG_SCHEMA = switch.switch_schema(PumpSwitch, block_inverted=True, icon="mdi:water-pump").extend(
    {
        cv.GenerateID(CONF_PUMPS): cv.use_id(PlantPumps),
        cv.Required(CONF_OUTPUT): cv.use_id(output.BinaryOutput),
        # A run ends after this; Home Assistant ends it earlier by turning the switch off.
        cv.Optional(CONF_LONGEST, default="30s"): seconds(1, 30),
        # Nothing resumes after a restart.
        cv.Optional(CONF_RESTORE_MODE, default=_OFF): cv.enum({_OFF: switch.RESTORE_MODES[_OFF]}),
    }
)


def _final_validate(config: dict[str, Any]) -> dict[str, Any]:
    mine = [one for one in fv.full_config.get()["switch"] if one["platform"] == _PLATFORM]
    if len(mine) > _MOST:
        raise cv.Invalid(f"a node has at most {_MOST} pumps")
    outputs = [str(one[CONF_OUTPUT]) for one in mine]
    if outputs.count(str(config[CONF_OUTPUT])) > 1:
        raise cv.Invalid("two pumps cannot share an output")
    return config


FINAL_VALIDATE_SCHEMA = _final_validate


async def to_code(config: dict[str, Any]) -> None:
    """Write the C++ that makes it."""
    pumps = await cg.get_variable(config[CONF_PUMPS])
    pin = await cg.get_variable(config[CONF_OUTPUT])
    pump = cg.new_Pvariable(config[CONF_ID], pumps, pin, config[CONF_LONGEST].total_milliseconds)
    await switch.register_switch(pump, config)
    cg.add(pumps.add_pump(pump))
