"""Every module of the product has its tests in the same place under tests/."""

import pytest

from tests.house.python_files import PRODUCT, ROOT, python_files, shown

# Without tests of their own, each for a reason.
EXCEPTIONS = {
    "const.py": "names only; every test uses them",
}


def without_tests() -> list[str]:
    """Modules that do something and whose twin does not exist."""
    missing = []
    for file in python_files("custom_components/plant_vita"):
        place = file.relative_to(PRODUCT)
        if place.as_posix() in EXCEPTIONS or file.name == "__init__.py":
            continue
        twin = ROOT / "tests" / place.with_name(f"test_{file.name}")
        if not twin.is_file():
            missing.append(f"{shown(file)} has no {shown(twin)}")
    return missing


def test_every_module_has_its_twin() -> None:
    missing = without_tests()
    assert not missing, "\n".join(missing)


def test_the_integration_itself_has_a_test() -> None:
    assert (ROOT / "tests" / "test_init.py").is_file()


@pytest.mark.parametrize("place", EXCEPTIONS)
def test_every_exception_is_still_needed(place: str) -> None:
    assert (PRODUCT / place).is_file()
    assert not (ROOT / "tests" / place).with_name(f"test_{(PRODUCT / place).name}").exists()
