from dataclasses import FrozenInstanceError, fields

import pytest

from custom_components.plant_vita.care import events


@pytest.mark.parametrize("union", [events.Event, events.Action])
def test_what_is_said_cannot_be_changed_afterwards(union):
    for kind in union.__value__.__args__:
        values = {field.name: None for field in fields(kind)}
        said = kind(**values)
        assert said == kind(**values)
        for name in values:
            with pytest.raises(FrozenInstanceError):
                setattr(said, name, 1)
