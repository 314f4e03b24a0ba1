"""What can go wrong, said once.

Errors below `PlantVitaError` are expected: the caller handles them and, where a person asked,
translates `key` for them. Anything else that is raised is a bug.
"""

from typing import override


class PlantVitaError(Exception):
    """An expected failure; `key` names its text in the translations."""

    key = "unexpected"


class ProtocolError(PlantVitaError):
    """The other end said something that version 1 of the protocol does not allow."""

    key = "protocol"


class FrameError(ProtocolError):
    """A sealed frame is not authentic, not fresh, or not a frame."""


class LinkError(PlantVitaError):
    """The link is gone, too slow, or was closed."""

    key = "not_connected"


class RateLimitError(LinkError):
    """The node talks faster than the protocol allows."""


class NotConnectedError(LinkError):
    """There is no session with the node now."""


class NoAnswerError(LinkError):
    """The node did not acknowledge in time; whether it acted is not known."""

    key = "no_answer"


class RefusedError(PlantVitaError):
    """The node said no.

    `reason` is the protocol's word for why, `retry_ms` when it may be asked again.
    """

    def __init__(self, reason: str, retry_ms: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_ms = retry_ms

    @property
    @override
    def key(self) -> str:  # type: ignore[override]
        """The translation key: one for each reason of the protocol."""
        return f"refused_{self.reason}"


class PairingError(PlantVitaError):
    """The node could not be paired."""

    key = "cannot_pair"


class WrongCodeError(PairingError):
    """The node did not accept the proof made from the code that was typed."""

    key = "wrong_code"


class MalformedCodeError(WrongCodeError):
    """What was typed cannot be a code at all."""

    key = "malformed_code"


class TooManyTriesError(PairingError):
    """Too many wrong codes for this node within the window."""

    key = "too_many_tries"


class NodeSilentError(PairingError):
    """The node did not dial in while the code was waiting for it."""

    key = "node_silent"


class CableError(PlantVitaError):
    """There is no talking with the node on a cable; nothing was sent to it."""

    key = "port_failed"


class PortError(CableError):
    """A serial port could not be opened."""


class PortMissingError(PortError):
    """There is no such port now: the cable is out."""

    key = "port_missing"


class PortBusyError(PortError):
    """Somebody else has the port open."""

    key = "port_busy"


class PortForbiddenError(PortError):
    """Home Assistant may not open the port."""

    key = "port_forbidden"


class PortNameError(PortError):
    """What was given is neither the path nor the address of a port."""

    key = "port_name"


class NotANodeError(CableError):
    """Whatever is at the other end of the cable did not say that it is a node."""

    key = "not_a_node"


class OtherNodeError(CableError):
    """A node answered on the cable, but not the one that was expected."""

    key = "other_node"

    def __init__(self, hardware_id: str) -> None:
        super().__init__(f"{hardware_id} is there")
        self.hardware_id = hardware_id


class StoreError(PlantVitaError):
    """Something that must be on disk could not be written."""

    key = "store_failed"
