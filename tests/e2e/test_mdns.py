"""A node that was told no address finds Home Assistant by itself.

mdns_inside.py runs in a network namespace that has nothing but a loopback with multicast: what it
says over mDNS stays there.
"""

from pathlib import Path

from tests.namespace import run_inside


def test_a_node_without_an_address_finds_home_assistant(tmp_path, figures):
    run_inside(Path(__file__).with_name("mdns_inside.py"), tmp_path, figures)
