"""The groups of tests: what each one runs and needs."""

from dataclasses import dataclass

from scripts.environment.layout import ROOT

FIRMWARE = "firmware/esp32"
REAL_PROCESSES = ("firmware", "e2e", "faults", "browser")
"""Folders of tests that run other programs, and so without the in-process test plugin."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command of a group.

    command: words; the first is a program of the test environment or a path.
    needs: files or folders of this clone without which the command would check nothing.
    """

    command: tuple[str, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """A name, one line of explanation, and the steps; a group passes when all its steps do."""

    name: str
    summary: str
    steps: tuple[Step, ...]
    latest: bool = False
    packages: tuple[str, ...] = ()


def pytest(*words: str, plugin: bool = True) -> tuple[str, ...]:
    """Return a pytest command, with or without Home Assistant's in-process test plugin."""
    without = () if plugin else ("-p", "no:homeassistant_custom_component")
    return ("pytest", *without, *words)


def _real_process_tests(name: str) -> Step:
    folder = f"tests/{name}"
    return Step(command=pytest(folder, plugin=False), needs=(folder,))


def _mpy_cross_steps() -> tuple[Step, ...]:
    sources = sorted((ROOT / FIRMWARE).rglob("*.py"))
    return tuple(
        Step(command=("mpy-cross", "-o", "/dev/null", str(source.relative_to(ROOT))))
        for source in sources
    )


def all_groups() -> tuple[Group, ...]:
    """Return every group, in the order in which they run: quick and telling ones first."""
    own = [f"--ignore=tests/{name}" for name in (*REAL_PROCESSES, "house")]
    coverage = ("--cov=custom_components.plant_vita", "--cov-report=json:.cache/coverage.json")
    return (
        Group(
            name="lint",
            summary="ruff: rules and formatting",
            steps=(
                Step(command=("ruff", "check", ".")),
                Step(command=("ruff", "format", "--check", ".")),
            ),
        ),
        Group(
            name="types",
            summary="mypy strict on product, scripts and device code; mpy-cross on device code",
            steps=(
                Step(command=("mypy",), needs=("custom_components/plant_vita",)),
                Step(
                    command=("mypy", "--config-file", "scripts/testing/device_mypy.ini"),
                    needs=(FIRMWARE,),
                ),
                *_mpy_cross_steps(),
            ),
        ),
        Group(
            name="imports",
            summary="who may import whom, and the rules of the house (tests/house)",
            steps=(
                Step(command=("lint-imports",), needs=("custom_components/plant_vita",)),
                Step(command=pytest("tests/house", plugin=False), needs=("tests/house",)),
            ),
        ),
        Group(
            name="unit",
            summary="the product in-process, with coverage floors",
            steps=(
                Step(
                    command=pytest("tests", "-n", "2", *own, *coverage),
                    needs=("custom_components/plant_vita",),
                ),
                Step(command=("python", "-m", "scripts.testing.coverage_floor")),
            ),
        ),
        Group(
            name="firmware",
            summary="the nodes' own code under real MicroPython",
            steps=(_real_process_tests("firmware"),),
        ),
        Group(
            name="e2e",
            summary="real Home Assistant processes, both releases, with simulated nodes",
            steps=(_real_process_tests("e2e"),),
            latest=True,
            packages=("libfaketime",),
        ),
        Group(
            name="faults",
            summary="cut links, killed processes, full disks, wrong clocks",
            steps=(_real_process_tests("faults"),),
            packages=("libfaketime",),
        ),
        Group(
            name="browser",
            summary="Home Assistant's real frontend in Chromium",
            steps=(_real_process_tests("browser"),),
            packages=("chromium",),
        ),
        Group(
            name="bench",
            summary="every benchmark once, in a short sample",
            steps=(
                Step(command=("python", "-m", "benchmarks", "--sample"), needs=("benchmarks",)),
            ),
            packages=("mosquitto",),
        ),
    )
