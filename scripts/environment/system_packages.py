"""Programs that come from the operating system, installed only when a test needs them."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .commands import SetUpError, run, say, works

# To build the Arduino's firmware, and to run it.
ARDUINO = ("arduino-core-avr", "avr-libc", "gcc-avr", "libsimavr2", "make")
EXTRA_PATH = "/usr/sbin:/sbin"  # where Debian puts daemons, outside most people's PATH


@dataclass(frozen=True, kw_only=True)
class SystemPackage:
    """A Debian package, and how to see that what it brings is there already."""

    debian: str
    programs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def is_present(self) -> bool:
        """Tell whether any of the programs or files is on this machine, from any source."""
        search = os.environ.get("PATH", "") + os.pathsep + EXTRA_PATH
        if any(shutil.which(program, path=search) for program in self.programs):
            return True
        roots = tuple(map(Path, ("/usr/lib", "/usr/include", "/usr/local/lib", "/usr/share")))
        return any(next(root.glob(name), None) for root in roots for name in self.files)


KNOWN = {
    package.debian: package
    for package in (
        SystemPackage(
            debian="arduino-core-avr",
            files=("arduino/hardware/arduino/avr/cores/arduino/Arduino.h",),
        ),
        SystemPackage(debian="avr-libc", files=("avr/include/avr/io.h",)),
        SystemPackage(debian="build-essential", programs=("c++", "g++", "clang++")),
        SystemPackage(debian="chromium", programs=("chromium", "chromium-browser")),
        SystemPackage(debian="clang", programs=("clang++",)),
        SystemPackage(debian="gcc-avr", programs=("avr-g++",)),
        SystemPackage(
            debian="libclang-rt-dev",
            files=(
                "llvm-*/lib/clang/*/lib/*/libclang_rt.fuzzer*.a",
                "clang/*/lib/*/libclang_rt.fuzzer*.a",
            ),
        ),
        SystemPackage(debian="libfaketime", files=("*/faketime/libfaketime.so.1",)),
        SystemPackage(debian="libsimavr2", files=("*/libsimavr.so.2", "libsimavr.so.2")),
        SystemPackage(debian="make", programs=("make",)),
        SystemPackage(debian="mosquitto", programs=("mosquitto",)),
        SystemPackage(
            debian="postgresql",
            programs=("initdb",),
            files=("postgresql/*/bin/initdb",),
        ),
        SystemPackage(debian="python3-venv"),
    )
}


def ensure(names: Sequence[str]) -> None:
    """Install those of the named packages that are missing, or say who has to."""
    missing = [name for name in names if not KNOWN[name].is_present()]
    if not missing:
        return
    apt = _apt_as_root()
    if apt is None:
        raise SetUpError(
            f"missing on this machine: {', '.join(missing)}. They can be installed here only by "
            f"an administrator: apt-get install {' '.join(missing)}"
        )
    say(f"installing {', '.join(missing)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run([*apt, "-qq", "update"], timeout=300, env=quiet)
    run([*apt, "-qq", "install", "-y", "--no-install-recommends", *missing], timeout=900, env=quiet)
    absent = [name for name in missing if name != "python3-venv" and not KNOWN[name].is_present()]
    if absent:
        raise SetUpError(f"apt-get installed {', '.join(absent)}, yet nothing of it can be found")


def _apt_as_root() -> list[str] | None:
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if works(["sudo", "--non-interactive", "true"]) is not None:
        return ["sudo", "--non-interactive", "apt-get"]
    return None
