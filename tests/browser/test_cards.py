"""The cards on the oldest release that is supported."""

import pytest

from tests.browser.cards import (  # noqa: F401
    basil,
    test_a_tap_on_a_plant_leads_to_its_page,
    test_holding_waters_the_pot_and_a_tap_does_not,
    test_no_load_loses_the_cards,
    test_the_card_is_found_in_the_picker_and_has_an_editor,
    test_the_garden_builds_itself_light_dark_and_on_a_phone,
    test_the_page_of_a_plant_and_of_the_nodes,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
