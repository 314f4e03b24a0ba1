"""A plant whose sensor and pump are those of an ESPHome node.

esphome_inside.py runs in a network namespace: the node's program listens at every address.
"""

from pathlib import Path

import pytest

from scripts.lab.esphome import built
from tests.namespace import run_inside

TAKES_S = 150


# In a fresh clone ESPHome compiles its program first.
@pytest.mark.timeout(900)
def test_a_plant_with_an_esphome_node(tmp_path, figures):
    built()
    run_inside(Path(__file__).with_name("esphome_inside.py"), tmp_path, figures)
