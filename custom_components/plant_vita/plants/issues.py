"""What only a person can mend about a plant."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from .definition import PlantDefinition
from .sources import Sources


@callback
def async_tell_gone(hass: HomeAssistant, definition: PlantDefinition, sources: Sources) -> None:
    """Say which entities a plant is bound to that do not exist any more, or that all do again."""
    gone = sorted({source.name for source in sources if source.gone})
    if not gone:
        async_clear_gone(hass, definition.plant_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        _gone_issue(definition.plant_id),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="source_gone",
        translation_placeholders={"name": definition.name, "entities": ", ".join(gone)},
    )


@callback
def async_clear_gone(hass: HomeAssistant, plant_id: str) -> None:
    """Nothing is missing, or the plant is gone itself."""
    ir.async_delete_issue(hass, DOMAIN, _gone_issue(plant_id))


def _gone_issue(plant_id: str) -> str:
    return f"source_gone_{plant_id}"
