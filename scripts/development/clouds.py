"""Cloud services of the laboratory: they answer as the real ones do, without a key or a network."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from scripts.lab.api import Api, Json
from scripts.lab.clouds.every import CLOUDS
from scripts.lab.clouds.server import Cloud
from scripts.lab.process import free_port

_DOMAIN = "plant_vita"
# So that each service is seen to be asked, one after the other.
ANSWERS_AFTER_S = (0.6, 2.4)


@asynccontextmanager
async def clouds(
    folder: Path, after: tuple[float, float] = ANSWERS_AFTER_S
) -> AsyncIterator[dict[str, Cloud]]:
    """Run one of each cloud, by its kind, at the ports of the last time if they are free.

    Each answers after so many seconds, the least and the most.
    """
    kept = folder / "clouds.json"
    ports: dict[str, int] = json.loads(kept.read_text()) if kept.exists() else {}
    running: dict[str, Cloud] = {}
    async with AsyncExitStack() as stack:
        for kind, make in CLOUDS.items():
            cloud = running[kind] = make()
            cloud.delay = after
            await cloud.start(free_port(ports.get(kind, 0)))
            stack.push_async_callback(cloud.stop)
            ports[kind] = cloud.port
        kept.write_text(json.dumps(ports))
        yield running


async def subscribe(api: Api, running: dict[str, Cloud]) -> list[str]:
    """Have an account with every service that can be set up; the titles of those accounts.

    One of the last time is told where its cloud is now.
    """
    entries = await api.command("config_entries/get", domain=_DOMAIN)
    known = {entry["title"]: str(entry["entry_id"]) for entry in entries}
    titles = []
    for kind, name in (await _offered(api)).items():
        if (cloud := running.get(kind)) is None:
            continue
        if name in known:
            flow = await api.start_flow(_DOMAIN, entry_id=known[name])
        else:
            flow = await api.begin(_DOMAIN, "provider")
            flow = await api.flow_step(flow["flow_id"], {"service": kind})
        step = await api.flow_step(flow["flow_id"], _typed(flow["data_schema"], cloud))
        if step["type"] not in {"create_entry", "abort"}:
            raise RuntimeError(f"{name} was not set up: {step.get('errors') or step}")
        titles.append(name)
    return titles


async def _offered(api: Api) -> dict[str, str]:
    """The names of the services that the flow offers, by their kinds."""
    flow = await api.begin(_DOMAIN, "provider")
    (field,) = (one for one in flow["data_schema"] if one["name"] == "service")
    await api.rest("DELETE", f"/api/config/config_entries/flow/{flow['flow_id']}")
    options: list[dict[str, str]] = field["selector"]["select"]["options"]
    return {one["value"]: one["label"] for one in options}


def _typed(schema: list[Json], cloud: Cloud) -> Json:
    """What a person would type: the key wherever one is asked for, all else as it stands there."""
    said: Json = {}
    for field in schema:
        suggested = field.get("description", {}).get("suggested_value")
        if field["name"] == "advanced":
            said["advanced"] = _typed(field["schema"], cloud) | {"base_url": cloud.url}
        elif "password" in str(field.get("selector")):
            said[field["name"]] = cloud.keys[0]
        elif suggested is not None:
            said[field["name"]] = suggested
    return said
