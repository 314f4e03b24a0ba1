"""Writes the configuration folder of a Home Assistant under test, without its user interface.

Entries and keys go straight into `.storage`: hundreds of nodes are paired in the time of one.
"""

import datetime as dt
import json
import shutil
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .loadnode import Identity

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ROOT / "custom_components" / "plant_vita"
DOMAIN = "plant_vita"
_EPOCH = "2026-01-01T00:00:00+00:00"

type Json = dict[str, Any]


@dataclass(kw_only=True)
class Setup:
    """What the Home Assistant under test is made of."""

    recorder: bool = False
    components: tuple[str, ...] = ()
    ceiling_nodes: int = 0
    plain_nodes: int = 0
    broker_port: int | None = None
    product: bool = False
    nodes: list[Identity] = field(default_factory=list)


def free_port() -> int:
    """A TCP port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def store(folder: Path, key: str, version: int, data: Json, *, minor: int = 1) -> None:
    """Write one file of `.storage` as Home Assistant's `Store` would."""
    path = folder / ".storage" / key
    path.parent.mkdir(exist_ok=True)
    content = {"version": version, "minor_version": minor, "key": key, "data": data}
    path.write_text(json.dumps(content), encoding="utf-8")
    path.chmod(0o600)


def entry(domain: str, title: str, data: Json, *, unique_id: str, version: int = 1) -> Json:
    """A config entry as it is stored."""
    return {
        "created_at": _EPOCH,
        "data": data,
        "discovery_keys": {},
        "disabled_by": None,
        "domain": domain,
        "entry_id": f"{domain}{unique_id}".replace("_", "").ljust(26, "0")[:26].upper(),
        "minor_version": 1,
        "modified_at": _EPOCH,
        "options": {},
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "source": "user",
        "subentries": [],
        "title": title,
        "unique_id": unique_id,
        "version": version,
    }


def write(folder: Path, setup: Setup) -> int:
    """Fill `folder`; answers the HTTP port."""
    port = free_port()
    _yaml(folder, setup)
    system(folder, port)
    _components(folder, setup)
    entries = [
        entry(
            "bench_probe",
            "Probe",
            {
                "ceiling": setup.ceiling_nodes,
                "plain": setup.plain_nodes,
                "socket": str(folder / "probe.sock"),
            },
            unique_id="probe",
        )
    ]
    if setup.broker_port is not None:
        broker = {"broker": "127.0.0.1", "port": setup.broker_port, "protocol": "3.1.1"}
        entries.append(entry("mqtt", "Broker", broker, unique_id="broker", version=2))
    if setup.product:
        entries.extend(pair(folder, setup.nodes))
    store(folder, "core.config_entries", 1, {"entries": entries}, minor=5)
    return port


def _yaml(folder: Path, setup: Setup) -> None:
    lines = ["homeassistant:", "  name: Bench", "  time_zone: Europe/Amsterdam"]
    lines += ["  unit_system: metric", "  country: NL", "  currency: EUR"]
    lines += ["logger:", "  default: warning", "  logs:", "    homeassistant.bootstrap: info"]
    # Not there on most machines, and not missed by a benchmark.
    lines += ["    haffmpeg: fatal", "    homeassistant.components.camera: fatal"]
    lines += [f"{name}:" for name in setup.components]
    if setup.recorder:
        lines.append("recorder:")
    (folder / "configuration.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def system(folder: Path, port: int) -> None:
    """Write what Home Assistant would else ask of a person, or of the network."""
    from homeassistant.components.http import config as http  # noqa: PLC0415 - slow
    from homeassistant.components.onboarding.const import STEPS  # noqa: PLC0415

    now = dt.datetime.now(tz=dt.UTC).isoformat()
    stable = http.HTTP_STORAGE_SCHEMA({"server_host": ["127.0.0.1"], "server_port": port})
    stable |= {"created_at": now, "error": None, "error_message": None}
    data = {"stable": stable, "pending": None, "yaml_migration_done": True}
    store(folder, http.STORAGE_KEY, http.STORAGE_VERSION, data, minor=http.STORAGE_MINOR_VERSION)
    store(folder, "onboarding", 4, {"done": list(STEPS)})
    store(folder, "core.network", 1, {"configured_adapters": ["lo"]})
    preferences = dict.fromkeys(("base", "diagnostics", "usage", "statistics", "snapshots"), False)
    analytics: Json = {"onboarded": True, "uuid": None, "preferences": preferences}
    analytics |= {"submission_identifier": None, "snapshot_submission_time": None}
    store(folder, "core.analytics", 1, analytics)


def _components(folder: Path, setup: Setup) -> None:
    """Copies, so that nobody's edits during a run end up in it."""
    target = folder / "custom_components"
    here = Path(__file__).parent
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(here / "probe", target / "bench_probe", ignore=skip)
    shutil.copy(here / "values.py", target / "bench_probe")
    if setup.product:
        shutil.copytree(PRODUCT, target / DOMAIN, ignore=skip)


def pair(folder: Path, nodes: Iterable[Identity]) -> list[Json]:
    """Write the nodes' keys into the product's key store; answers their config entries.

    These two formats are the product's own (`glue/keystore.py`, `model/stored.py`); a change there
    shows here as nodes that are refused.
    """
    nodes = list(nodes)
    keys = {node.hardware_id: {str(node.kid): node.key.hex()} for node in nodes}
    store(folder, f"{DOMAIN}.keys", 1, {"nodes": keys})
    return [
        entry(
            DOMAIN,
            node.hardware_id,
            {
                "kind": "node",
                "node": {
                    "hardware_id": node.hardware_id,
                    "model": node.model,
                    "firmware": node.firmware,
                    "every": node.every,
                    "sleeps": False,
                    "name": None,
                    "channels": [[index, kind, None] for index, kind in node.channels],
                },
            },
            unique_id=node.hardware_id,
        )
        for node in nodes
    ]
