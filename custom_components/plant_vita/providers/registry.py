"""Every kind of provider there is; whatever is offered to a user derives from this."""

from .plant_id import SPEC as PLANT_ID
from .plantnet import SPEC as PLANTNET
from .provider import Spec

PROVIDERS: dict[str, Spec] = {spec.kind: spec for spec in (PLANT_ID, PLANTNET)}
