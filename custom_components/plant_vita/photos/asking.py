"""One inquiry of the services, from the photos' bytes to what they said."""

from collections.abc import Callable, Collection, Sequence

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..model.errors import PhotoError
from ..model.finding import Finding, Task
from ..providers.panel import Progress, Stage
from ..providers.provider import Ask
from ..vision import quality
from ..vision.prepare import Examined
from .coordinator import ProviderConfigEntry
from .decoding import async_examined
from .images import async_bytes_of
from .issues import async_judge_quota
from .panel import Desk, async_follow

type Source = str | bytes
"""An entity, a media source id, a whole path, or the bytes of the file themselves."""
type Tell = Callable[[str, str], None]
"""Called in the event loop with a service and its state: "queued", "prepared" and "merged" of all
together (service ""), "asked" or an outcome of the one that is named."""


def translated(key: str) -> HomeAssistantError:
    """An error that is said in the reader's language."""
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key)


def seats_of(desk: Desk, task: Task, kinds: Collection[str] | None) -> set[str]:
    """Who can be asked this, of these kinds if any are given."""
    return {
        seat.id for seat in desk.panel.seats_for(task) if kinds is None or seat.spec.kind in kinds
    }


def names_of(hass: HomeAssistant, finding: Finding) -> dict[str, str]:
    """What the accounts of those who were asked are called."""
    return titles_of(hass, [voice.seat for voice in finding.voices])


async def async_look(
    hass: HomeAssistant,
    context: Context,
    sources: Sequence[Source],
    progress: Tell | None,
) -> list[Examined]:
    """Get and rebuild the photos. Raises HomeAssistantError for one that is no use."""
    if progress is not None:
        progress("", Stage.QUEUED)
    looked = [await _async_prepared(hass, context, source) for source in sources]
    if progress is not None:
        progress("", Stage.PREPARED)
    return looked


async def async_hear(
    hass: HomeAssistant,
    desk: Desk,
    ask: Ask,
    seats: set[str],
    progress: Tell | None,
    *,
    needed: bool = True,
) -> Finding:
    """Ask these, and follow what becomes of it; raises CloudError if an answer is `needed`."""
    titles = titles_of(hass, seats)

    def follow(step: Progress) -> None:
        async_follow(hass, step)
        if progress is not None:
            state = str(step.outcome) if step.outcome is not None else str(step.stage)
            progress(titles.get(step.seat, step.kind), state)

    ask_them = desk.panel.ask if needed else desk.panel.hear
    try:
        return await ask_them(ask, only=seats, watch=follow)
    finally:
        for entry in _entries(hass, seats):
            entry.runtime_data.async_update_listeners()
            async_judge_quota(hass, entry, desk.ledger)


async def _async_prepared(hass: HomeAssistant, context: Context, source: Source) -> Examined:
    try:
        data = source if isinstance(source, bytes) else await async_bytes_of(hass, context, source)
        examined = await async_examined(hass, data)
        quality.check(examined.quality)
    except PhotoError as error:
        raise translated(error.key) from error
    return examined


def titles_of(hass: HomeAssistant, seats: Collection[str]) -> dict[str, str]:
    """What the accounts of these seats are called."""
    return {one.entry_id: one.title for one in _entries(hass, seats)}


def _entries(hass: HomeAssistant, seats: Collection[str]) -> list[ProviderConfigEntry]:
    """Those that are still set up: an account may be changed or removed while it is asked."""
    known = (hass.config_entries.async_get_entry(seat) for seat in seats)
    return [entry for entry in known if entry and entry.state is ConfigEntryState.LOADED]
