"""The set-up and the test runner do what they promise when a machine is not like this one."""

from pathlib import Path

import pytest

from scripts.environment import stamps, system_packages
from scripts.environment.boot_requirements import boot_requirements
from scripts.environment.commands import SetUpError, run
from scripts.environment.debian import mirrors
from scripts.testing.__main__ import main
from scripts.testing.coverage_floor import Floor, read_floors, shortfalls
from scripts.testing.groups import GROUPS, Group, Step
from scripts.testing.runner import run_groups
from tests.house.python_files import ROOT

UPDATE = """\
'http://mirror.example/debian/dists/bookworm/InRelease' mirror.example_debian_InRelease 0
'http://mirror.example/debian/dists/bookworm-updates/InRelease' mirror.example_debian_InRelease 0
'https://mirror.example/debian-security/dists/bookworm-security/InRelease' security_InRelease 0
'http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz' Packages 0
"""
FULLY_COVERED = {
    "covered_lines": 10,
    "num_statements": 10,
    "covered_branches": 4,
    "num_branches": 4,
}


def test_the_mirror_is_the_one_that_apt_uses() -> None:
    assert mirrors(UPDATE) == ["http://mirror.example/debian"]
    assert mirrors("") == []


def test_a_failing_command_says_what_it_printed() -> None:
    with pytest.raises(SetUpError, match=r"exit code 3:\nno disk left"):
        run(["sh", "-c", "echo no disk left; exit 3"], timeout=10)
    with pytest.raises(SetUpError, match="no-such-program is not on this machine"):
        run(["no-such-program"], timeout=10)
    with pytest.raises(SetUpError, match="did not finish within 0 s"):
        run(["sleep", "5"], timeout=0.2)


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A machine without any of the packages; gives the commands that are run on it."""
    commands: list[list[str]] = []
    monkeypatch.setattr(system_packages.SystemPackage, "is_present", lambda package: False)
    monkeypatch.setattr(system_packages, "run", lambda words, **_: commands.append(words))
    return commands


def test_missing_packages_are_named_when_they_cannot_be_installed(
    bare_machine: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_packages, "_apt_as_root", lambda: None)
    with pytest.raises(SetUpError, match="apt-get install chromium mosquitto"):
        system_packages.ensure(["chromium", "mosquitto"])
    assert bare_machine == []


def test_an_installation_that_brings_nothing_is_noticed(
    bare_machine: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_packages, "_apt_as_root", lambda: ["apt-get"])
    with pytest.raises(SetUpError, match="nothing of it can be found"):
        system_packages.ensure(["chromium"])
    assert [command[-1] for command in bare_machine] == ["update", "chromium"]


def test_present_packages_are_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "mosquitto"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(system_packages, "_apt_as_root", lambda: pytest.fail("not needed"))
    system_packages.ensure(["mosquitto"])


def test_a_folder_is_current_only_for_the_same_inputs(tmp_path: Path) -> None:
    wanted = tmp_path / "wanted.txt"
    wanted.write_text("one")
    folder = tmp_path / "folder"
    folder.mkdir()
    key = stamps.digest([wanted])
    assert not stamps.is_current(folder, key)
    stamps.finish(folder, key)
    assert stamps.is_current(folder, stamps.digest([wanted]))
    wanted.write_text("two")
    assert not stamps.is_current(folder, stamps.digest([wanted]))


def test_boot_requirements_follow_the_manifests(tmp_path: Path) -> None:
    files = {
        "requirements.py": 'DISCOVERY_INTEGRATIONS: dict = {"mqtt": ("mqtt",)}',
        "bootstrap.py": 'DEFAULT_INTEGRATIONS = {"logger", *(BASE - {"todo"})}',
        "auth/mfa_modules/totp.py": 'REQUIREMENTS = ["pyotp==1"]',
        "components/logger/manifest.json": '{"requirements": ["log==1"]}',
        "components/image/manifest.json": '{"integration_type":"entity","requirements":["p==2"]}',
        "components/sun/manifest.json": '{"dependencies": ["astral"], "mqtt": ["sun/#"]}',
        "components/astral/manifest.json": '{"requirements": ["astral==3"]}',
        "components/mqtt/manifest.json": '{"requirements": ["paho==4"]}',
        "components/other/manifest.json": '{"requirements": ["other==5"]}',
    }
    for name, content in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    assert boot_requirements(tmp_path, ["sun"]) == [
        "astral==3",
        "log==1",
        "p==2",
        "paho==4",
        "pyotp==1",
    ]


def test_coverage_floors() -> None:
    files = {
        "a/whole.py": FULLY_COVERED,
        "a/half.py": FULLY_COVERED | {"covered_lines": 5, "covered_branches": 1},
    }
    assert shortfalls(files, [Floor(path="a/whole.py", lines=100, branches=100)]) == []
    assert shortfalls(files, [Floor(path="a", lines=75, branches=62.5)]) == []
    assert shortfalls(files, [Floor(path="a", lines=76, branches=63)]) == [
        "a: 75.00 % of lines, 76 % wanted",
        "a: 62.50 % of branches, 63 % wanted",
    ]
    assert shortfalls(files, [Floor(path="b", lines=1)]) == ["b: no measured file there"]


def test_every_floor_names_something_that_exists() -> None:
    absent = [f.path for f in read_floors(ROOT / "pyproject.toml") if not (ROOT / f.path).exists()]
    assert not absent


def test_the_list_names_every_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [group.name for group in GROUPS]


def test_an_unknown_group_is_refused() -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["units"])


def test_a_group_that_would_check_nothing_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.testing.runner.prepare", lambda **_: None)
    empty = Group(name="e", summary="-", steps=(Step(command=("true",), needs=("no-folder",)),))
    fails = Group(name="f", summary="-", steps=(Step(command=("false",)), Step(command=("true",))))
    passes = Group(name="p", summary="-", steps=(Step(command=("true",)),))
    assert run_groups([empty, fails, passes], full=False) == 2
    lines = capsys.readouterr().out.splitlines()
    assert "nothing to check: no-folder does not exist" in lines
    assert lines[-1] == "1 passed, 2 failed"


def test_the_summary_tells_what_the_processor_had_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.testing.runner.prepare", lambda **_: None)
    counting = "n=0; while [ $n -lt 200000 ]; do n=$((n+1)); done"
    works = Group(name="w", summary="-", steps=(Step(command=("sh", "-c", counting)),) * 2)
    waits = Group(name="i", summary="-", steps=(Step(command=("sleep", "0.3")),))
    assert run_groups([works, waits], full=False) == 0
    summary = capsys.readouterr().out.partition("== summary\n")[2].splitlines()
    busy = {line.split()[0]: float(line.split()[4]) for line in summary[:2]}
    assert busy["w"] > 0 == busy["i"]


def test_a_failed_set_up_fails_the_group(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise SetUpError("no chromium here")

    monkeypatch.setattr("scripts.testing.runner.prepare", fail)
    group = Group(name="p", summary="-", steps=(Step(command=("true",)),))
    assert run_groups([group], full=False) == 1
    assert "set-up failed: no chromium here" in capsys.readouterr().out
