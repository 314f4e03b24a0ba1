"""Write the hash-pinned requirement files anew: `scripts/lock [--upgrade]`."""

import argparse
import re
import sys
import tempfile
from pathlib import Path

from .boot_requirements import boot_requirements
from .commands import SetUpError, run, say
from .interpreters import PYTHON_FLOOR, find_python
from .layout import REQUIREMENTS, ROOT
from .uv import find_uv

# What any test starts in a real Home Assistant, or what Home Assistant looks at because of it.
BOOT_DOMAINS = [
    "assist_pipeline",
    "bluetooth",
    "conversation",
    "dhcp",
    "frontend",
    "history",
    "isal",
    "logbook",
    "media_source",
    "mqtt",
    "my",
    "nordpool",
    "recorder",
    "sun",
    "tibber",
    "usb",
    "zeroconf",
]

WITH_HOME_ASSISTANT = ("test", "latest")
PLAIN = ("tools", "device-stubs", "esphome", "forecast", "node", "photos")
HEADER = "# Written by scripts/lock; edit {name}.in instead.\n"


def main() -> int:
    """Lock every file; exit code 1 with the reason when one cannot be resolved."""
    parser = argparse.ArgumentParser(prog="scripts/lock", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="move pins to the newest versions")
    options = parser.parse_args()
    try:
        lock(upgrade=options.upgrade)
    except SetUpError as error:
        print(f"lock failed: {error}", file=sys.stderr)
        return 1
    return 0


def lock(*, upgrade: bool) -> None:
    """Resolve all requirement files; keeps existing pins unless asked to upgrade."""
    uv = find_uv()
    python = find_python(uv)
    for name in PLAIN:
        _compile(uv, name, upgrade=upgrade)
    for name in WITH_HOME_ASSISTANT:
        with tempfile.TemporaryDirectory(prefix="plant-vita-") as work:
            package = _unpack_home_assistant(uv, python, name, Path(work))
            boot = boot_requirements(package, BOOT_DOMAINS)
            note = "# Written by scripts/lock from the manifests of Home Assistant.\n"
            (REQUIREMENTS / f"boot-{name}.in").write_text(note + "\n".join(boot) + "\n")
            constraints = package / "package_constraints.txt"
            _compile(uv, name, upgrade=upgrade, constraints=constraints)


def _unpack_home_assistant(uv: Path, python: Path, name: str, work: Path) -> Path:
    wanted = re.search(
        r"^homeassistant==\S+", (REQUIREMENTS / f"{name}.in").read_text(), re.MULTILINE
    )
    if wanted is None:
        raise SetUpError(f"{name}.in does not pin homeassistant")
    install: list[str | Path] = [uv, "pip", "install", "--quiet", "--no-deps", "--python", python]
    run([*install, "--target", work, wanted[0]], timeout=300)
    return work / "homeassistant"


def _compile(uv: Path, name: str, *, upgrade: bool, constraints: Path | None = None) -> None:
    say(f"resolving {name}")
    output = REQUIREMENTS / f"{name}.txt"
    command: list[str | Path] = [uv, "pip", "compile", "--quiet", f"requirements/{name}.in"]
    command += ["--output-file", output]
    # The tools run on the machine's own Python; everything else on Home Assistant's.
    floor = ".".join(map(str, PYTHON_FLOOR))
    command += ["--python-version", "3.11" if name == "tools" else floor]
    # Only the public index counts here, whatever this machine is configured to ask in addition,
    # and no address may enter the file.
    command += ["--no-config", "--generate-hashes", "--no-annotate", "--no-header"]
    command += ["--no-emit-index-url", "--no-emit-find-links"]
    command += ["--constraints", constraints] if constraints else []
    command += ["--upgrade"] if upgrade else []
    run(command, timeout=600, cwd=ROOT)
    output.write_text(HEADER.format(name=name) + output.read_text())


if __name__ == "__main__":
    sys.exit(main())
