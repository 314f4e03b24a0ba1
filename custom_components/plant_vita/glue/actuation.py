"""The only way to a node's pump or light.

Switches, buttons, services and voice all come through here.
"""

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import DOMAIN
from ..coordinator import NodeCoordinator
from ..model.errors import NoAnswerError, NotConnectedError, PlantVitaError, RefusedError
from ..protocol.messages import Op


async def async_turn_on(
    coordinator: NodeCoordinator, channel: int, *, ms: int, level: int | None = None
) -> None:
    """Turn an output on for `ms`; returns when the node has acknowledged it.

    Raises `ServiceValidationError` if the node refuses, `HomeAssistantError` if it cannot be
    reached. The state of the output is what the node reports, never what was asked for (W17).
    """
    await _async_act(coordinator, Op.ON, channel, ms=ms, level=level)


async def async_turn_off(coordinator: NodeCoordinator, channel: int) -> None:
    """Turn an output off at once; raises like `async_turn_on`."""
    await _async_act(coordinator, Op.OFF, channel)


async def async_set_level(coordinator: NodeCoordinator, channel: int, level: int) -> None:
    """Change the level of a light that is on, 0 to 100; raises like `async_turn_on`."""
    await _async_act(coordinator, Op.LEVEL, channel, level=level)


async def async_tell(
    coordinator: NodeCoordinator,
    op: Op,
    *,
    channel: int | None = None,
    settings: dict[str, float | int | str] | None = None,
) -> None:
    """Anything that moves no actuator.

    Identify, restart, calibrate; raises like `async_turn_on`.
    """
    try:
        await coordinator.live_session.command(op, channel=channel, settings=settings)
    except PlantVitaError as error:
        raise translated(error) from error


async def _async_act(
    coordinator: NodeCoordinator,
    op: Op,
    channel: int,
    *,
    ms: int | None = None,
    level: int | None = None,
) -> None:
    try:
        await coordinator.live_session.command(op, channel=channel, ms=ms, level=level)
    except NotConnectedError as error:
        raise translated(error) from error
    except NoAnswerError as error:
        coordinator.async_mark_unknown(channel)
        raise translated(error) from error
    except PlantVitaError as error:
        raise translated(error) from error


def translated(error: PlantVitaError) -> HomeAssistantError:
    """What a person is told of an expected failure."""
    if isinstance(error, RefusedError):
        return ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=error.key,
            translation_placeholders={"seconds": str(round((error.retry_ms or 0) / 1000))},
        )
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=error.key)
