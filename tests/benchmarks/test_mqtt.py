import json

from benchmarks import mqtt


def test_packets_are_mqtt_3_1_1() -> None:
    assert mqtt.connect_packet("a").hex() == "100d00044d5154540402000000" + "0161"
    assert mqtt.publish_packet("t", b"hi").hex() == "3005" + "000174" + "6869"
    assert mqtt.publish_packet("t", b"x" * 200, retain=True)[:3].hex() == "31cb01"


def test_discovery_announces_six_sensors_of_one_device() -> None:
    announced = [json.loads(payload) for _, payload in mqtt.discovery("bench0001")]
    assert [one["device_class"] for one in announced] == [
        "moisture",
        "temperature",
        "humidity",
        "illuminance",
        "conductivity",
        "battery",
    ]
    assert announced[0]["value_template"] == "{{ value_json.m }}"
    assert {one["state_topic"] for one in announced} == {"plants/bench0001/state"}
