"""Photos: their work beside OpenCV's, how exact small ones are, and how soon an answer comes."""

import asyncio
import hashlib
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

from custom_components.plant_vita.model.finding import Task
from custom_components.plant_vita.providers.attempt import Seat
from custom_components.plant_vita.providers.ledger import Ledger
from custom_components.plant_vita.providers.panel import Panel
from custom_components.plant_vita.providers.provider import Account, Ask, Secret
from custom_components.plant_vita.providers.registry import PROVIDERS
from custom_components.plant_vita.vision.decode import decode
from custom_components.plant_vita.vision.greenness import measure
from custom_components.plant_vita.vision.prepare import GLANCE, examine, glance
from scripts.development.clouds import clouds, subscribe
from scripts.environment.layout import CACHE, REQUIREMENTS, VENV
from scripts.environment.uv import find_uv
from scripts.environment.venvs import Environment, ensure
from scripts.lab.api import Api
from scripts.lab.clouds.pictures import jpeg, plant
from scripts.lab.clouds.plant_id import PlantIdCloud
from scripts.lab.clouds.plantnet import PlantNetCloud
from scripts.lab.clouds.server import Cloud
from scripts.lab.process import Home, free_port, provision

from .results import Report, Table, Target, percentile, ratio

_OPENCV = Environment(folder=CACHE / "opencv", requirements=REQUIREMENTS / "photos.txt")
_SIZE = (3648, 2736)
_SUMMARY = """\
Photos of 10 megapixels (drawn plants with a sensor's noise, JPEG quality 90), CPU time of one
thread, by turns. OpenCV decodes them whole and masks the green by hue; ours is the green area, the
view, the perceptual hash and a SHA-256 of the file (glance), or all of that with the rebuilt photo
and its quality (examine). Answers come from clouds on this machine that take as long as real ones,
through real HTTP; a cached one is the whole way through the panel."""

_NOTE = """\
Nearly all of a glance is reading the file's Huffman codes, of which none can be left out, and which
OpenCV has to read as well: the more bytes a photo of a size has, the nearer are the two."""


def run(*, sample: bool) -> Report:
    """The whole benchmark."""
    report = Report(name="photos", summary=_SUMMARY, sample=sample)
    _work(report, photos=2 if sample else 10, rounds=3 if sample else 7)
    asyncio.run(_answers(report, turns=2 if sample else 10))
    asyncio.run(_calls(report, times=20 if sample else 500))
    return report


def _work(report: Report, *, photos: int, rounds: int) -> None:
    ensure(_OPENCV, uv=find_uv(), python=VENV / "bin/python")
    times: dict[str, list[float]] = {"opencv": [], **{name: [] for name in _OURS}}
    off: dict[str, list[float]] = {"glance": [], "examine": []}
    sizes: list[int] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [_OPENCV.python, Path(__file__).with_name("opencv_peer.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as peer,
    ):
        for seed in range(photos):
            picture = plant(seed, _SIZE, yellow=0.2)
            path = Path(folder, f"{seed}.jpg")
            path.write_bytes(jpeg(picture, 90))
            sizes.append(path.stat().st_size)
            full = measure(picture).area
            for _ in range(rounds):
                times["opencv"].append(_peer(peer, path))
                for name, area in _ours(path.read_bytes(), times).items():
                    off[name].append(abs(area - full))
    title = f"{photos} photos of {statistics.mean(sizes) / 1e6:.1f} MB, {rounds} times each"
    _tell_work(report, title, times, off)


def _ours(data: bytes, times: dict[str, list[float]]) -> dict[str, float]:
    """Do each of ours once; the green areas that were measured, in %."""
    areas = {}
    for name, work in _OURS.items():
        begun = time.thread_time()
        area = work(data)
        times[name].append(1000 * (time.thread_time() - begun))
        if area is not None:
            areas[name] = area
    return areas


def _tell_work(
    report: Report, title: str, times: dict[str, list[float]], off: dict[str, list[float]]
) -> None:
    table = Table(
        title=title,
        columns=("path", "CPU ms, median", "p95", "green area off by, points, at most"),
    )
    for name, path in (
        ("opencv", "OpenCV, full decode and HSV"),
        ("decode", "Pillow's decode to an eighth alone"),
        ("glance", "Plant Vita, glance"),
        ("examine", "Plant Vita, examine"),
    ):
        worst = max(off[name]) if name in off else None
        found = times[name]
        table.rows.append((path, statistics.median(found), percentile(found, 0.95), worst))
    report.tables.append(table)
    share = ratio(statistics.median(times["glance"]), statistics.median(times["opencv"]))
    text = "a 10 MP photo to green area and hashes in at most 0.25 × OpenCV's full decode"
    report.targets.append(Target(text=text, measured=share, most=0.25))
    text = "green area within 0.5 points of our own at full resolution"
    worst = max(*off["glance"], *off["examine"])
    report.targets.append(Target(text=text, measured=worst, most=0.5))
    report.notes.append(_NOTE)


def _peer(peer: subprocess.Popen[str], path: Path) -> float:
    assert peer.stdin is not None
    assert peer.stdout is not None
    peer.stdin.write(f"{path}\n")
    peer.stdin.flush()
    return float(json.loads(peer.stdout.readline())["ms"])


def _glance(data: bytes) -> float:
    hashlib.sha256(data).digest()
    return glance(data).greenness.area


def _examine(data: bytes) -> float:
    return examine(data).look.greenness.area


def _decode(data: bytes) -> None:
    decode(data, GLANCE)


_OURS: dict[str, Callable[[bytes], float | None]] = {
    "decode": _decode,
    "glance": _glance,
    "examine": _examine,
}


class _Memory:
    """A storage without a disk."""

    async def load(self) -> dict[str, Any] | None:
        return None

    async def save(self, data: dict[str, Any]) -> None:
        json.dumps(data)


async def _answers(report: Report, *, turns: int) -> None:
    clouds: dict[str, Cloud] = {"plant_id": PlantIdCloud(), "plantnet": PlantNetCloud()}
    clouds["plant_id"].delay, clouds["plantnet"].delay = (2.0, 5.0), (2.0, 4.0)
    for cloud in clouds.values():
        await cloud.start()
    ledger = Ledger(_Memory(), time.time)
    panel = Panel(ledger=ledger, answers=_Memory(), now=time.time, jitter=lambda: 0.5)
    await panel.open()
    async with aiohttp.ClientSession() as session:
        for kind, cloud in clouds.items():
            spec = PROVIDERS[kind]
            account = Account(secrets={"api_key": Secret("key")}, base_url=cloud.url)
            panel.seat(Seat(id=kind, spec=spec, provider=spec.open(account, session)))
        photos = [examine(jpeg(plant(seed, (1024, 768)))).photo for seed in range(turns)]
        asks = [Ask(task=Task.IDENTIFY, photos=(photo,)) for photo in photos]
        misses, over, one_by_one = [], [], []
        for ask in asks:
            finding, took = await _timed(panel, ask)
            spent = [voice.seconds for voice in finding.voices]
            misses.append(1000 * took)
            over.append(1000 * (took - max(spent)))
            one_by_one.append(1000 * sum(spent))
        hits = [1000 * (await _timed(panel, ask))[1] for _ in range(200) for ask in asks[:5]]
        await panel.close()
    for cloud in clouds.values():
        await cloud.stop()
    _tell(report, misses, over, one_by_one, hits)


async def _timed(panel: Panel, ask: Ask) -> tuple[Any, float]:
    begun = time.perf_counter()
    finding = await panel.ask(ask)
    return finding, time.perf_counter() - begun


def _tell(
    report: Report,
    misses: list[float],
    over: list[float],
    one_by_one: list[float],
    hits: list[float],
) -> None:
    table = Table(title="Two services, ms on the clock", columns=("path", "median", "p95", "most"))
    rows: list[tuple[str, list[float], Callable[[list[float]], float]]] = [
        ("one after the other (the sum of the same answers)", one_by_one, max),
        ("both at once", misses, max),
        ("both at once, beyond the slower", over, max),
        (f"answered from the cache, {len(hits)} times", hits, max),
    ]
    for title, found, most in rows:
        table.rows.append((title, statistics.median(found), percentile(found, 0.95), most(found)))
    report.tables.append(table)
    cached = percentile(hits, 0.95)
    targets = [
        Target(text="both at once at most 50 ms beyond the slower", measured=max(over), most=50),
        Target(text="p95 of a cached answer below 5 ms", measured=cached, most=5),
        Target(
            text="a miss at least 100 × a cached answer's p95",
            measured=ratio(statistics.median(misses), cached),
            least=100,
        ),
    ]
    report.targets += targets


async def _calls(report: Report, *, times: int) -> None:
    """Actions of a real Home Assistant over its WebSocket, with a photo as a camera takes them."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(folder=Path(folder, "home"))
        access = await provision(home.folder, port=free_port())
        photo = home.folder / "www" / "plant.jpg"
        photo.parent.mkdir()
        photo.write_bytes(jpeg(plant(1, _SIZE), 90))
        async with clouds(Path(folder), after=(0.0, 0.0)) as running, home, Api(access) as api:
            await subscribe(api, running)
            took = []
            for _ in range(times + 1):
                begun = time.perf_counter()
                await api.action("plant_vita.identify", {"file": [str(photo)]}, response=True)
                took.append(1000 * (time.perf_counter() - begun))
    hits = took[1:]
    table = Table(
        title=f"From the call of an action to its response, a photo of 10 MP, {times} times, ms",
        columns=("path", "median", "p95", "most"),
    )
    table.rows.append(
        ("answered from memory", statistics.median(hits), percentile(hits, 0.95), max(hits))
    )
    report.tables.append(table)
    report.targets.append(
        Target(
            text="p95 of a cached answer below 5 ms from the call to the response",
            measured=percentile(hits, 0.95),
            most=5,
        )
    )
