"""The only way to a pump or a light, of a node or of any make.

Whatever moves water asks the waterworks, which decides and then comes through here; nobody else
sends a node a command or calls a switch.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE, Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceNotFound, ServiceValidationError

from ..const import DOMAIN
from ..coordinator import NodeCoordinator
from ..model.errors import NoAnswerError, NotConnectedError, PlantVitaError, RefusedError
from ..node.queue import QueuedCommand
from ..protocol.messages import Op

# A light whose time was over while its command waited still shows that it was asked for.
_LEAST_MS: Final = 1000
# Of these, a person wants the last they asked for.
_LIGHT: Final = "light"

# A switch of any make is given this long to have been told.
CALL_S: Final = 10.0

# What turns an entity on, and off.
_OF_VALVES: Final = ("open_valve", "close_valve")
_USUAL: Final = ("turn_on", "turn_off")


# --- pumps: for the waterworks alone -----------------------------------------------------------


async def async_run_pump(coordinator: NodeCoordinator, channel: int, *, ms: int) -> str:
    """Let a node's pump run for `ms`; returns the command's id when the node has acknowledged it.

    Raises `NotConnectedError` if nothing was sent, `RefusedError` if the node said no, and
    `NoAnswerError` if its fate is not known: then nobody knows the state of the output (W17).
    """
    return await _async_command(coordinator, Op.ON, channel, ms=ms)


async def async_stop_pump(coordinator: NodeCoordinator, channel: int) -> None:
    """Stop a node's pump at once; raises like `async_run_pump`."""
    await _async_command(coordinator, Op.OFF, channel)


async def async_switch(hass: HomeAssistant, entity_id: str, *, on: bool, context: Context) -> None:
    """Turn an entity of any make on or off; returns when it was told, not when it has done it.

    Raises `NotConnectedError` if it certainly was not told, `NoAnswerError` if that is not known.
    """
    domain = entity_id.partition(".")[0]
    state = hass.states.get(entity_id)
    if state is None or state.state == STATE_UNAVAILABLE:
        raise NotConnectedError
    service = (_OF_VALVES if domain == Platform.VALVE else _USUAL)[0 if on else 1]
    try:
        async with asyncio.timeout(CALL_S):
            await hass.services.async_call(
                domain, service, {ATTR_ENTITY_ID: entity_id}, blocking=True, context=context
            )
    except ServiceNotFound as error:
        raise NotConnectedError from error
    except Exception as error:
        # Whatever another integration raises: it may have been done all the same.
        raise NoAnswerError(str(error) or type(error).__name__) from error


# --- lights ------------------------------------------------------------------------------------


async def async_turn_light_on(
    coordinator: NodeCoordinator, channel: int, *, ms: int, level: int, waits: bool = False
) -> None:
    """Turn a light on for `ms`; returns when the node has acknowledged it.

    With `waits`, a node that is asleep or away for a moment gets it when it comes, for as long as
    is left of `ms` then. Raises `ServiceValidationError` if the node refuses, `HomeAssistantError`
    if it cannot be reached. The state of the output is what the node reports, never what was asked
    for (W17).
    """

    async def _send(waited_s: float) -> None:
        left = max(_LEAST_MS, ms - round(waited_s * 1000))
        await _async_command(coordinator, Op.ON, channel, ms=left, level=level)

    await _async_queue(coordinator, "light_on", _send, channel, group=_LIGHT, waits=waits)


async def async_turn_light_off(
    coordinator: NodeCoordinator, channel: int, *, waits: bool = False
) -> None:
    """Turn a light off at once; waits and raises like `async_turn_light_on`."""

    async def _send(_waited_s: float) -> None:
        await _async_command(coordinator, Op.OFF, channel)

    await _async_queue(coordinator, "light_off", _send, channel, group=_LIGHT, waits=waits)


async def async_set_level(coordinator: NodeCoordinator, channel: int, level: int) -> None:
    """Change the level of a light that is on, 0 to 100; raises like `async_turn_light_on`."""
    try:
        await _async_command(coordinator, Op.LEVEL, channel, level=level)
    except PlantVitaError as error:
        raise translated(error) from error


# --- what moves nothing ------------------------------------------------------------------------


async def async_tell(
    coordinator: NodeCoordinator,
    op: Op,
    *,
    channel: int | None = None,
    settings: dict[str, float | int | str] | None = None,
    waits: bool = False,
) -> None:
    """Anything that moves no actuator.

    Identify, restart, calibrate; waits and raises like `async_turn_light_on`.
    """

    async def _send(_waited_s: float) -> None:
        await coordinator.live_session.command(op, channel=channel, settings=settings)

    name = "_".join([op.name.lower(), *map(str, (settings or {}).values())])
    await _async_queue(coordinator, name, _send, channel, waits=waits)


async def _async_queue(
    coordinator: NodeCoordinator,
    name: str,
    send: Callable[[float], Awaitable[None]],
    channel: int | None,
    *,
    group: str | None = None,
    waits: bool,
) -> None:
    try:
        if waits:
            await coordinator.queue.do(
                QueuedCommand(name=name, send=send, channel=channel, group=group)
            )
        else:
            await send(0.0)
    except PlantVitaError as error:
        raise translated(error) from error


async def _async_command(
    coordinator: NodeCoordinator,
    op: Op,
    channel: int,
    *,
    ms: int | None = None,
    level: int | None = None,
) -> str:
    try:
        return await coordinator.live_session.command(op, channel=channel, ms=ms, level=level)
    except NoAnswerError:
        coordinator.async_mark_unknown(channel)
        raise


def translated(error: PlantVitaError) -> HomeAssistantError:
    """What a person is told of an expected failure."""
    if isinstance(error, RefusedError):
        return ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=error.key,
            translation_placeholders={"seconds": str(round((error.retry_ms or 0) / 1000))},
        )
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=error.key)
