"""The cards on the oldest release that is supported."""

import pytest

from scripts.lab.provision import CONFIGURATION
from tests.browser.cards import (  # noqa: F401
    basil,
    test_a_tap_on_a_plant_leads_to_its_page,
    test_holding_waters_the_pot_and_a_tap_does_not,
    test_no_load_loses_the_cards,
    test_the_card_is_found_in_the_picker_and_has_an_editor,
    test_the_garden_builds_itself_light_dark_and_on_a_phone,
    test_the_page_of_a_plant_and_of_the_nodes,
)
from tests.browser.photos import (  # noqa: F401
    CAMERA,
    cloud,
    test_a_guest_may_look_but_not_water_nor_ask,
    test_from_the_upload_to_the_assigned_species,
    test_what_ails_it_and_the_question_back,
    test_what_cannot_be_asked_is_said_in_the_readers_language,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
STAGE = {"configuration": CONFIGURATION + CAMERA}
