"""The figures of an account."""

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.helpers import device_registry as dr

from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture

house = house_fixture()


async def test_an_account_counts_its_calls(house: House) -> None:
    entry = await house.add("plantnet")
    state = house.hass.states.get
    assert state("sensor.pl_ntnet_calls_today").state == "0"
    assert state("sensor.pl_ntnet_calls_left").state == "500.0"
    await house.identify(file=house.photo())
    assert state("sensor.pl_ntnet_calls_today").state == "1"
    house.clouds["plantnet"].fail(Fault.S503)
    await entry.runtime_data.async_refresh()
    assert state("sensor.pl_ntnet_calls_today").state == "1"
    assert state("sensor.pl_ntnet_calls_left").state == STATE_UNAVAILABLE
    (device,) = dr.async_entries_for_config_entry(dr.async_get(house.hass), entry.entry_id)
    assert device.entry_type is dr.DeviceEntryType.SERVICE


async def test_who_does_not_tell_what_is_left_has_no_sensor_for_it(house: House) -> None:
    await house.add("gemini")
    assert house.hass.states.get("sensor.google_gemini_calls_today") is not None
    assert house.hass.states.get("sensor.google_gemini_calls_left") is None
