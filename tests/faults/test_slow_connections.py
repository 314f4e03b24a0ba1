"""Slow and half-open connections at the door, while a paired node is being served."""

from tests.nodes.home import Home, home_fixture

home = home_fixture()


async def test_who_says_nothing_is_let_go(home: Home) -> None:
    socket = await home.dialler()
    assert (await socket.receive(timeout=5)).data == 4408
