"""What a subentry says of a plant."""

from types import MappingProxyType

from homeassistant.config_entries import ConfigSubentry
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.plants.definition import (
    Input,
    PlantDefinition,
    Scale,
    from_subentry,
    plants,
)


def subentry(kind: str = "plant", **data: object) -> ConfigSubentry:
    return ConfigSubentry(
        data=MappingProxyType(data),
        subentry_id="one",
        subentry_type=kind,
        title="Basil",
        unique_id=None,
    )


def test_nothing_but_a_name() -> None:
    basil = from_subentry(subentry())
    assert basil == PlantDefinition(plant_id="one", name="Basil")
    assert not basil.has(Input.MOISTURE)


def test_everything() -> None:
    stored = subentry(
        species="ocimum_basilicum",
        outdoors=True,
        pot_cm=14,
        area="kitchen",
        moisture=["sensor.a", "sensor.b"],
        light=["sensor.c"],
        temperature=[],
        raw_dry=2800,
        raw_wet=1200,
        pump="switch.pump",
        grow_light="light.lamp",
        camera="camera.shelf",
        limits={"moisture_low": 30, "water_days": 5},
    )
    basil = from_subentry(stored)
    assert basil == PlantDefinition(
        plant_id="one",
        name="Basil",
        species="ocimum_basilicum",
        outdoors=True,
        pot_cm=14,
        area="kitchen",
        inputs={Input.MOISTURE: ("sensor.a", "sensor.b"), Input.LIGHT: ("sensor.c",)},
        scale=Scale(dry=2800, wet=1200),
        pump="switch.pump",
        grow_light="light.lamp",
        camera="camera.shelf",
        limits={"moisture_low": 30.0, "water_days": 5.0},
    )
    assert basil.has(Input.MOISTURE, Input.LIGHT)
    assert not basil.has(Input.MOISTURE, Input.TEMPERATURE)


def test_a_measure_of_a_later_version_is_left_alone() -> None:
    assert not from_subentry(subentry(limits={"happiness_low": 3})).limits


def test_only_the_plants_of_a_garden() -> None:
    entry = MockConfigEntry(subentries_data=None)
    object.__setattr__(
        entry, "subentries", MappingProxyType({"one": subentry(), "two": subentry("bed")})
    )
    assert list(plants(entry)) == ["one"]
