"""The cards on the newest release of Home Assistant: what its frontend may do otherwise."""

import pytest

from scripts.lab.process import PYTHON_LATEST
from tests.browser.cards import (  # noqa: F401
    basil,
    test_holding_waters_the_pot_and_a_tap_does_not,
    test_the_card_is_found_in_the_picker_and_has_an_editor,
    test_the_garden_builds_itself_light_dark_and_on_a_phone,
)
from tests.browser.photos import (  # noqa: F401
    cloud,
    test_from_the_upload_to_the_assigned_species,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
STAGE = {"python": PYTHON_LATEST}
