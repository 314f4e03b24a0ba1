"""The groups of tests: what each one runs and needs."""

from dataclasses import dataclass

from scripts.environment.system_packages import ARDUINO

FIRMWARE = "firmware/esp32"
PRODUCT = "custom_components/plant_vita"
REAL_PROCESSES = ("firmware", "e2e", "faults", "browser")
"""Folders of tests that run other programs, and so without the in-process test plugin."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command of a group.

    command: words; the first is a program of the test environment or a path.
    needs: files or folders of this clone without which the command would check nothing.
    again: the command without its folder, before the ids of tests that were only too late: those
        are heard once more, alone. Empty: too late is too late.
    """

    command: tuple[str, ...]
    needs: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """A name, one line of explanation, and the steps; a group passes when all its steps do.

    Groups never run side by side: with two cores, end-to-end tests beside any others are too late
    for their own limits now and then.
    """

    name: str
    summary: str
    steps: tuple[Step, ...]
    latest: bool = False
    frontend: bool = False
    esphome: bool = False
    packages: tuple[str, ...] = ()


def pytest(*words: str, plugin: bool = True) -> tuple[str, ...]:
    """Return a pytest command, with or without Home Assistant's in-process test plugin."""
    without = () if plugin else ("-p", "no:homeassistant")
    return ("pytest", "--durations=10", *without, *words)


BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")


def _real_process_tests(name: str, *, at_once: int, again: bool = True) -> Step:
    """Tests that mostly wait for other programs: several files side by side cost little more."""
    folder = f"tests/{name}"
    return Step(
        command=pytest(folder, "-n", str(at_once), *BY_FILE, plugin=False),
        needs=(folder,),
        again=pytest(plugin=False) if again else (),
    )


OTHER_FOLDERS = [f"--ignore=tests/{name}" for name in (*REAL_PROCESSES, "house")]
CARDS = ("--root", "frontend", "--no-isolate")
COVERAGE = ("--cov=custom_components.plant_vita", "--cov-report=json:.cache/coverage.json")

# In the order in which they begin: quick and telling ones first.
GROUPS = (
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
        summary="mypy strict on what runs on CPython; mypy and mpy-cross on the device's code",
        steps=(
            Step(command=("mypy",), needs=(PRODUCT,)),
            Step(
                command=("mypy", "--config-file", "scripts/testing/device_mypy.ini"),
                needs=(FIRMWARE,),
            ),
            Step(command=("python", "-m", "scripts.testing.compile_device"), needs=(FIRMWARE,)),
        ),
    ),
    Group(
        name="imports",
        summary="who may import whom, and the rules of the house (tests/house)",
        steps=(
            Step(
                command=("lint-imports", "--no-logo", "--cache-dir", ".cache/imports"),
                needs=(PRODUCT,),
            ),
            Step(command=pytest("tests/house", plugin=False), needs=("tests/house",)),
        ),
    ),
    Group(
        name="unit",
        summary="the product in-process, with coverage floors",
        steps=(
            Step(
                command=pytest("tests", "-n", "3", *OTHER_FOLDERS, *COVERAGE),
                needs=(PRODUCT,),
                again=pytest(),
            ),
            Step(command=("python", "-m", "scripts.testing.coverage_floor")),
        ),
    ),
    Group(
        name="cards",
        summary="the frontend: types, behaviour, and that the bundle is what the sources make",
        steps=(
            Step(command=("frontend/node_modules/.bin/tsc", "--project", "frontend")),
            # All files in one process: one for each takes ten times as long as the tests.
            Step(command=("frontend/node_modules/.bin/vitest", "run", *CARDS)),
            Step(command=("node", "frontend/build.mjs", "--verify")),
        ),
        frontend=True,
    ),
    Group(
        name="e2e",
        summary="real Home Assistant processes, both releases, with simulated nodes",
        steps=(_real_process_tests("e2e", at_once=6),),
        latest=True,
        esphome=True,
        packages=("libfaketime", "mosquitto", "postgresql", *ARDUINO),
    ),
    Group(
        name="browser",
        summary="Home Assistant's real frontend in Chromium",
        steps=(_real_process_tests("browser", at_once=4),),
        latest=True,
        # The accessibility checks come with the packages of the cards.
        frontend=True,
        packages=("chromium",),
    ),
    Group(
        name="faults",
        summary="cut links, killed processes, full disks, wrong clocks",
        # Here, what comes too late may be the very fault that is looked for.
        steps=(_real_process_tests("faults", at_once=4, again=False),),
        packages=("clang", "libclang-rt-dev", "libfaketime", *ARDUINO),
    ),
    Group(
        name="firmware",
        summary="the nodes' own code under real MicroPython",
        steps=(_real_process_tests("firmware", at_once=4),),
        esphome=True,
        packages=("libfaketime", "mosquitto", *ARDUINO),
    ),
    Group(
        name="bench",
        summary="benchmarks in short samples: the quick ones, every one with --full",
        steps=(
            Step(
                command=("python", "-m", "benchmarks", "--sample", "--quick", "--at-once", "3"),
                needs=("benchmarks",),
            ),
        ),
        packages=("mosquitto", "postgresql"),
    ),
)
