import pytest

from custom_components.plant_vita.model.node import (
    Actuator,
    Channel,
    Fault,
    NodeInfo,
    NodeState,
    Reading,
)


def test_the_faults_are_the_words_of_the_protocol() -> None:
    assert [str(fault) for fault in Fault] == ["open", "short", "range", "silent", "warm"]


def test_faults_are_the_channels_without_a_number() -> None:
    state = NodeState(
        readings={
            0: Reading(value=41.5, measured_at=1.0),
            1: Reading(value=Fault.OPEN, measured_at=1.0),
            7: Reading(value=0.0, measured_at=1.0),
            9: Reading(value=Fault.WARM, measured_at=2.0),
        }
    )
    assert state.faults == {1: Fault.OPEN, 9: Fault.WARM}
    assert NodeState().faults == {}


@pytest.mark.parametrize(
    ("thing", "field"),
    [
        (NodeState(), "connected"),
        (Actuator(on=True), "on"),
        (Channel(index=0, kind="m"), "kind"),
        (Reading(value=1.0, measured_at=0.0), "value"),
    ],
)
def test_what_entities_were_told_cannot_change_behind_their_back(thing: object, field: str) -> None:
    with pytest.raises(AttributeError):
        setattr(thing, field, None)


def test_two_states_never_share_their_readings() -> None:
    one, other = NodeState(), NodeState()
    assert one == other
    assert one.readings is not other.readings
    assert one.actuators is not other.actuators


def test_an_unknown_output_is_neither_on_nor_off() -> None:
    assert Actuator(on=None) != Actuator(on=False)
    assert Actuator(on=None).until is None


def test_a_description_is_equal_to_the_same_description() -> None:
    def info(boot: str) -> NodeInfo:
        return NodeInfo(
            hardware_id="a4cf12000001",
            model="esp32dev",
            firmware="0.1.0",
            boot=boot,
            uptime_ms=0,
            every=60,
            sleeps=False,
            name=None,
            channels=(Channel(index=0, kind="m", label="Basil"),),
        )

    assert info("00000001") == info("00000001")
    assert info("00000001") != info("00000002")


def test_a_node_has_the_kinds_of_its_channels() -> None:
    info = NodeInfo(
        hardware_id="a4cf12000001",
        model="esp32dev",
        firmware="0.1.0",
        boot="00000001",
        uptime_ms=0,
        every=60,
        sleeps=False,
        name=None,
        channels=(Channel(index=0, kind="m"), Channel(index=48, kind="camera")),
    )
    assert [info.has(kind) for kind in ("m", "camera", "pump")] == [True, True, False]


def test_new_readings_change_nothing_else() -> None:
    state = NodeState(
        connected=True, started_at=5.0, why="cmd", actuators={2: Actuator(on=True, until=9.0)}
    )
    after = state.measured({0: Reading(41.5, 7.0)}, 8.0)
    assert after == NodeState(
        connected=True,
        last_seen=8.0,
        started_at=5.0,
        why="cmd",
        readings={0: Reading(41.5, 7.0)},
        actuators={2: Actuator(on=True, until=9.0)},
    )


def test_of_a_channel_that_was_rewired_nothing_is_known() -> None:
    state = NodeState(
        readings={0: Reading(1.0, 7.0), 1: Reading(2.0, 7.0)},
        actuators={1: Actuator(on=False), 2: Actuator(on=False)},
    )
    after = state.without({1})
    assert (set(after.readings), set(after.actuators)) == ({0}, {2})
