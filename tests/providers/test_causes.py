"""Each service's name for a trouble is one of ours."""

import pytest

from custom_components.plant_vita.model.finding import Cause
from custom_components.plant_vita.providers.causes import cause_of

NAMES = {
    "water excess or uneven watering": Cause.OVER_WATERED,
    "overwatering": Cause.OVER_WATERED,
    "water deficiency": Cause.UNDER_WATERED,
    "lack of light": Cause.TOO_DARK,
    "light excess": Cause.TOO_BRIGHT,
    "Sunburn": Cause.TOO_BRIGHT,
    "frost damage": Cause.TOO_COLD,
    "nutrient deficiency": Cause.HUNGRY,
    "nutrient excess": Cause.SALTY,
    "Insecta": Cause.PEST,
    "Tetranychus urticae": Cause.PEST,
    "Planococcus citri": Cause.PEST,
    "Fungi": Cause.FUNGUS,
    "Powdery mildew": Cause.FUNGUS,
    "Botrytis cinerea": Cause.FUNGUS,
    "Bacteria": Cause.DISEASE,
    "Tobacco mosaic virus": Cause.DISEASE,
    "mechanical damage": Cause.DAMAGE,
    "senescence": Cause.AGEING,
    "Xyzzy": Cause.OTHER,
    "": Cause.OTHER,
}


@pytest.mark.parametrize(("name", "cause"), NAMES.items())
def test_a_name_is_a_cause(name: str, cause: Cause) -> None:
    assert cause_of(name) is cause
