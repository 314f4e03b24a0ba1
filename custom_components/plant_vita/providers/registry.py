"""Every kind of provider there is; whatever is offered to a user derives from this."""

from .ai_task import SPEC as AI_TASK
from .gemini import SPEC as GEMINI
from .openplantbook import SPEC as OPENPLANTBOOK
from .perenual import SPEC as PERENUAL
from .plant_id import SPEC as PLANT_ID
from .plantnet import SPEC as PLANTNET
from .provider import Spec
from .trefle import SPEC as TREFLE

_ALL = (PLANT_ID, PLANTNET, GEMINI, AI_TASK, OPENPLANTBOOK, TREFLE, PERENUAL)
PROVIDERS: dict[str, Spec] = {spec.kind: spec for spec in _ALL}
