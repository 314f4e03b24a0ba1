"""Python 3.14 and MicroPython out of Debian packages, without installing anything.

The packages of a newer suite are unpacked into one folder together with that suite's C library;
that suite's patchelf, run through its own loader, points the programs at it. apt checks the
signatures, and the mirror is whichever one this machine already uses.
"""

import re
import shutil
import tempfile
from pathlib import Path

from .commands import SetUpError, run, say
from .layout import DEBIAN
from .stamps import digest, finish, is_current, start

SUITE = "sid"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PYTHON = DEBIAN / "usr/bin/python3.14"
MICROPYTHON = DEBIAN / "usr/bin/micropython"

PACKAGES = [
    "python3.14-minimal",
    "python3.14-venv",
    "python3.14-dev",
    "libpython3.14",
    "libpython3.14-minimal",
    "libpython3.14-stdlib",
    "libpython3.14-dev",
    "libc6",
    "libgcc-s1",
    "libstdc++6",
    "libcrypt1",
    "zlib1g",
    "libbz2-1.0",
    "libdb5.3t64",
    "libexpat1",
    "libffi8",
    "liblzma5",
    "libncursesw6",
    "libreadline8t64",
    "libsqlite3-0",
    "libssl3t64",
    "libtinfo6",
    "libuuid1",
    "libzstd1",
    "patchelf",
    "micropython",
]

PYTHON_CHECK = "import bz2, compression.zstd, ctypes, lzma, readline, sqlite3, ssl, uuid, zlib"
MICROPYTHON_CHECK = "import asyncio, cryptolib, hashlib, tls"


def header_paths() -> str:
    """Return the CPATH that native builds need: the headers lie outside the compiler's reach."""
    include = DEBIAN / "usr/include"
    return f"{include}:{include / 'python3.14'}"


def ensure() -> None:
    """Unpack the toolchain unless that was done before."""
    key = digest([Path(__file__)])
    if is_current(DEBIAN, key):
        return
    say(f"unpacking Python 3.14 and MicroPython from Debian {SUITE} into {DEBIAN.name}/")
    if shutil.which("apt-get") is None or not KEYRING.is_file():
        raise SetUpError(
            "Python 3.14 is neither installed nor downloadable, and this is not a Debian machine "
            f"(no apt-get or no {KEYRING}): install python3.14 and micropython 1.26 yourself"
        )
    start(DEBIAN)
    DEBIAN.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="plant-vita-") as work:
        for package in _download(Path(work)):
            run(["dpkg", "-x", package, DEBIAN], timeout=120)
    _relocate()
    run([PYTHON, "-c", PYTHON_CHECK], timeout=60)
    run([MICROPYTHON, "-c", MICROPYTHON_CHECK], timeout=60)
    # Debian compiles the library while installing; without it every start would do so again.
    library = DEBIAN / "usr/lib/python3.14"
    run([PYTHON, "-m", "compileall", "-q", "-j", "0", "-x", "/test/", library], timeout=300)
    finish(DEBIAN, key)


def mirrors(uris: str) -> list[str]:
    """Pick the archive mirrors out of what `apt-get --print-uris update` prints.

    apt reads its own configuration in either format here; security and update suites live on
    archives of their own or repeat the same one, and are left out.
    """
    found = re.findall(r"'(\S+?)/dists/([^/']+)/InRelease'", uris)
    bases = [base for base, _ in found if not base.rstrip("/").endswith("security")]
    return list(dict.fromkeys(bases))


def _download(work: Path) -> list[Path]:
    known = mirrors(run(["apt-get", "--print-uris", "update"], timeout=60))
    if not known:
        raise SetUpError("apt has no Debian mirror configured, so Python 3.14 cannot be unpacked")
    problems = []
    for mirror in known:
        try:
            return _download_from(mirror, work)
        except SetUpError as error:
            problems.append(str(error))
    raise SetUpError(
        f"no mirror that apt is configured for serves the suite {SUITE}:\n" + "\n".join(problems)
    )


def _download_from(mirror: str, work: Path) -> list[Path]:
    sources = work / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING}] {mirror} {SUITE} main\n")
    lists, downloads = work / "lists", work / "packages"
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    downloads.mkdir(exist_ok=True)
    options = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::Lists": lists,
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "APT::Sandbox::User": "",
    }
    common = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    run(["apt-get", "-qq", *common, "update"], timeout=180)
    # The TLS library's name carries its ABI number, which changes from release to release.
    depends = run(["apt-cache", *common, "depends", "micropython"], timeout=60)
    tls = re.findall(r"Depends: (libmbed\S+)", depends)
    run(["apt-get", "-qq", *common, "download", *PACKAGES, *tls], timeout=300, cwd=downloads)
    return sorted(downloads.glob("*.deb"))


def _relocate() -> None:
    libraries = next((DEBIAN / "usr/lib").glob("*/libc.so.6")).parent
    loader = next(libraries.glob("ld-linux*.so.*"))
    patchelf: list[str | Path] = [loader, "--library-path", libraries, DEBIAN / "usr/bin/patchelf"]
    for program in (PYTHON, MICROPYTHON):
        # Two calls in this order: patchelf 0.18 spoils the file when it does both at once.
        run([*patchelf, "--force-rpath", "--set-rpath", libraries, program], timeout=60)
        run([*patchelf, "--set-interpreter", loader, program], timeout=60)
