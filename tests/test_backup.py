"""A backup that Home Assistant makes holds a ledger that is an old one once it is restored."""

from homeassistant.components.backup import DOMAIN as BACKUP
from homeassistant.components.backup.const import DATA_MANAGER
from homeassistant.setup import async_setup_component

from custom_components.plant_vita.watering.books import Books
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


async def is_spent(hose: Hose) -> bool:
    """As Home Assistant would find it at a start."""
    books = Books(hose.hass)
    await books.async_load(expected=True)
    return books.ledger.spent_until(books.moment()) is not None


async def test_a_restored_backup_is_known_for_one(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")
    await hose.pass_time(seconds=4)
    assert await async_setup_component(hose.hass, BACKUP, {})
    await hose.hass.async_block_till_done()
    manager = hose.hass.data[DATA_MANAGER]
    await manager.async_pre_backup_actions()
    copied = hose.ledger.read_bytes()
    await manager.async_post_backup_actions()
    assert not await is_spent(hose)
    hose.ledger.write_bytes(copied)
    assert await is_spent(hose)


async def test_a_backup_before_anything_is_set_up_is_none_of_ours(hose: Hose) -> None:
    assert await async_setup_component(hose.hass, BACKUP, {})
    assert await async_setup_component(hose.hass, "plant_vita", {})
    await hose.hass.async_block_till_done()
    manager = hose.hass.data[DATA_MANAGER]
    assert "plant_vita" in manager.platforms
    await manager.async_pre_backup_actions()
    await manager.async_post_backup_actions()
    assert not hose.ledger.exists()
