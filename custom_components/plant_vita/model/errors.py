"""What can go wrong, said once.

Errors below `PlantVitaError` are expected: the caller handles them and, where a person asked,
translates `key` for them. Anything else that is raised is a bug.
"""

from collections.abc import Collection
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


class UpdateError(PlantVitaError):
    """A new firmware did not get into use; the node runs on with the one it had."""

    key = "update_failed"


class UpdateUndoneError(UpdateError):
    """The new firmware did not work, and the node has gone back to the one before."""

    key = "update_undone"


class UpdateSilentError(UpdateError):
    """The node has not been heard of since it took the new firmware."""

    key = "update_silent"


class CameraError(PlantVitaError):
    """A camera of a node took no photo."""

    key = "camera_failed"


class CameraBusyError(CameraError):
    """The node has something to do that comes first: it waters, or takes another photo."""

    key = "camera_busy"


class CameraFaultError(CameraError):
    """The camera does not answer its node."""

    key = "camera_fault"


class CameraFullError(CameraError):
    """The photo does not fit into the node's memory, or is larger than the protocol allows."""

    key = "camera_full"


class CameraLinkError(CameraError):
    """The node is connected over a link that is too slow for photos."""

    key = "camera_link"


class CameraPhotoError(CameraError):
    """What has come from the node is not the photo that it announced, or none at all."""

    key = "camera_photo"


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


class AlbumError(StoreError):
    """A photo could not be kept, read or removed; those that were kept before are untouched."""

    key = "album_failed"


class AlbumFullError(AlbumError):
    """There is no room left where photos are kept."""

    key = "album_full"


class PhotoGoneError(AlbumError):
    """A photo that was kept is not there any more: somebody has removed the file."""

    key = "photo_gone"


class PhotoError(PlantVitaError):
    """A file is not a photo that can be used, or a photo is not good enough."""

    key = "photo_unreadable"


class PhotoTypeError(PhotoError):
    """It is neither JPEG nor PNG nor WebP."""

    key = "photo_type"


class PhotoTooLargeError(PhotoError):
    """It has more bytes or pixels than we decode."""

    key = "photo_too_large"


class PhotoDarkError(PhotoError):
    """There is not enough light to see anything."""

    key = "photo_too_dark"


class PhotoBrightError(PhotoError):
    """Nearly everything is white."""

    key = "photo_too_bright"


class PhotoBlurredError(PhotoError):
    """Nothing in it is sharp."""

    key = "photo_blurred"


class CloudError(PlantVitaError):
    """A cloud service gave no answer; `key` is also the outcome that is shown beside its name."""


class ProviderError(CloudError):
    """A cloud service was asked and failed.

    `unbilled` tells that the request certainly did nothing there: it may be repeated. `wait_s` is
    after how many seconds the service wants to be asked again, None if it did not say. Nothing of
    what the service wrote is in the text of the error: that may hold the key.
    """

    key = "provider_failed"

    def __init__(
        self, text: str = "", *, unbilled: bool = False, wait_s: float | None = None
    ) -> None:
        super().__init__(text)
        self.unbilled = unbilled
        self.wait_s = wait_s


class ProviderKeyError(ProviderError):
    """The service does not know the key."""

    key = "provider_key"


class ProviderForbiddenError(ProviderKeyError):
    """The service knows the key, and does not let it do this."""

    key = "provider_forbidden"


class ProviderQuotaError(ProviderError):
    """What the account may ask is used up; `wait_s` is when it comes back, if the service said."""

    key = "provider_quota"


class ProviderBusyError(ProviderError):
    """Asked too often within a minute or so."""

    key = "provider_busy"


class ProviderDownError(ProviderError):
    """The service cannot be reached, or is out of order."""

    key = "provider_down"


class ProviderTimeoutError(ProviderDownError):
    """The service did not answer in its time; whether it was billed is not known."""

    key = "provider_timeout"


class ProviderAnswerError(ProviderError):
    """The service answered with something else than its documentation says."""

    key = "provider_answer"


class ProviderBlockedError(ProviderError):
    """A model declined to answer."""

    key = "provider_blocked"


class ProviderRefusedError(ProviderError):
    """The service does not take what was sent."""

    key = "provider_refused"


class ProviderBlindError(ProviderRefusedError):
    """A model that takes no pictures was given some."""

    key = "provider_blind"


class NotAskedError(CloudError):
    """Nobody is set up that could be asked."""

    key = "provider_none"


class ProviderPausedError(NotAskedError):
    """A service failed too often of late, and is left alone for a while."""

    key = "provider_paused"


class ProviderLimitError(NotAskedError):
    """The limit that the user set for this service is reached."""

    key = "provider_limit"


class AllFailedError(CloudError):
    """None of the services that were asked answered.

    `key` is their error where all have the same, so that one service alone is told precisely.
    """

    key = "providers_failed"

    def __init__(self, keys: Collection[str]) -> None:
        super().__init__(", ".join(sorted(keys)))
        if len(set(keys)) == 1:
            self.key = next(iter(keys))
