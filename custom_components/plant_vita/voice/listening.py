"""Home Assistant's own assistant hands us our sentences from the start, in every language.

An integration cannot bring files of sentences, so they are registered as triggers are. All of
them are one trigger: a sentence that is right in two languages must not water twice.
"""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er, intent
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.setup import async_when_setup

from ..actions.action import async_plants
from ..actions.wording import plain
from ..const import DOMAIN
from ..plants.catalogue import async_get_catalogue
from ..plants.entry import SIGNAL_GARDEN, device_of
from .sentences import LANGUAGES, Ask, gates, understood

if TYPE_CHECKING:
    from homeassistant.components.conversation import ConversationInput

ASSIST: Final = "conversation"
SLOT: Final = "phrase"
# The usual names of a species in each language; what is rarer is found by its own name.
_KINDS: Final = 3


class Listener:
    """Keeps the sentences those of the plants there are; none while there is no plant."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Hear nothing yet."""
        self._hass = hass
        self._gates: list[str] = []
        self._unregister: CALLBACK_TYPE | None = None

    @callback
    def async_follow(self) -> None:
        """Look again whenever a plant may have come, gone or been given a name."""
        hass = self._hass
        async_dispatcher_connect(hass, SIGNAL_GARDEN, self._async_changed)
        for event in (er.EVENT_ENTITY_REGISTRY_UPDATED, dr.EVENT_DEVICE_REGISTRY_UPDATED):
            hass.bus.async_listen(event, self._async_named, event_filter=_is_named)
        self._async_changed()

    @callback
    def _async_named(self, _event: Event[Any]) -> None:
        self._async_changed()

    @callback
    def _async_changed(self) -> None:
        self._hass.async_create_task(self.async_look(), "Plant Vita listens for its plants")

    async def async_look(self) -> None:
        """Register the sentences anew, if they are others."""
        from homeassistant.components.conversation import (  # noqa: PLC0415 - set up already
            get_agent_manager,
        )

        names = await self._async_names()
        wanted = gates(names) if names else []
        if wanted == self._gates:
            return
        self._gates = wanted
        if self._unregister is not None:
            self._unregister()
            self._unregister = None
        if wanted:
            manager = get_agent_manager(self._hass)
            self._unregister = manager.register_trigger(wanted, self.async_heard)

    async def _async_names(self) -> set[str]:
        plants = async_plants(self._hass)
        if not plants:
            return set()
        species = (await async_get_catalogue(self._hass)).species
        names: set[str] = set()
        for plant_id, plant in plants.items():
            definition = plant.definition
            device = device_of(self._hass, plant.config_entry, plant_id)
            names |= {definition.name, (device and device.name_by_user) or definition.name}
            if known := species.get(definition.species):
                names.add(known.scientific_name)
                names |= {n for code in LANGUAGES for n in known.names.get(code, ())[:_KINDS]}
            registry = er.async_get(self._hass)
            for one in er.async_entries_for_config_entry(registry, plant.config_entry.entry_id):
                if one.config_subentry_id == plant_id:
                    names |= {alias for alias in one.aliases if isinstance(alias, str)}
        return {plain(name) for name in names}

    async def async_heard(self, said: ConversationInput, _result: object) -> str | None:
        """Answer one of our sentences."""
        sentence = understood(said.text, said.language)
        if sentence is None:
            return await self._async_passed_on(said, said.text)
        response = await intent.async_handle(
            self._hass,
            DOMAIN,
            sentence.ask,
            {SLOT: {"value": sentence.phrase}} if sentence.phrase else {},
            text_input=said.text,
            context=said.context,
            language=said.language,
            assistant=ASSIST,
            device_id=said.device_id,
            satellite_id=said.satellite_id,
            conversation_agent_id=said.agent_id,
        )
        speech: str = response.speech["plain"]["speech"]
        if sentence.ask is Ask.STATUS and not response.speech_slots.get("plants"):
            # "How is the weather" may look like the weeping fig: then it was never ours.
            return await self._async_passed_on(said, speech)
        return speech

    async def _async_passed_on(self, said: ConversationInput, otherwise: str) -> str:
        """What Home Assistant would have answered without us."""
        from homeassistant.components.conversation import (  # noqa: PLC0415 - set up already
            async_get_agent,
        )
        from homeassistant.components.conversation.chat_log import (  # noqa: PLC0415 - the same
            current_chat_log,
        )
        from homeassistant.components.conversation.default_agent import (  # noqa: PLC0415
            DefaultAgent,
        )

        agent, log = async_get_agent(self._hass), current_chat_log.get()
        if not isinstance(agent, DefaultAgent) or log is None:
            return otherwise
        response = await agent.async_handle_intents(said, log)
        found = response.speech.get("plain") if response else None
        return found["speech"] if found else otherwise


@callback
def _is_named(data: Any) -> bool:
    """Whether a change may be one of names."""
    return data["action"] == "update" and bool(
        {"aliases", "name_by_user"} & data.get("changes", {}).keys()
    )


@callback
def async_listen(hass: HomeAssistant) -> None:
    """Listen as soon as there is an assistant, if ever."""

    async def _async_there(hass: HomeAssistant, _component: str) -> None:
        Listener(hass).async_follow()

    async_when_setup(hass, ASSIST, _async_there)
