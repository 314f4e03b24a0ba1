"""Dashboards for a laboratory: of core's own cards for its nodes, and the garden's own."""

from typing import Any

from .api import Api, Json

PATH = "plant-nodes"
GARDEN = "plant-garden"
TITLE = "Plant nodes"
_DOMAIN = "plant_vita"
_SHOWN = ("moisture", "temperature", "humidity", "illuminance", "battery", "pump", "light")


async def show_nodes(api: Api) -> None:
    """Make the dashboard of the nodes, or make it anew for those that are there now."""
    await _show(api, PATH, TITLE, "mdi:sprout", await _config(api))


async def show_garden(api: Api) -> None:
    """Make the dashboard that builds itself."""
    await _show(api, GARDEN, "Garden", "mdi:flower", {"strategy": {"type": "custom:plant-vita"}})


async def _show(api: Api, path: str, title: str, icon: str, config: Json) -> None:
    known = {board["url_path"] for board in await api.command("lovelace/dashboards/list")}
    if path not in known:
        await api.command(
            "lovelace/dashboards/create",
            url_path=path,
            title=title,
            icon=icon,
            mode="storage",
            show_in_sidebar=True,
            require_admin=False,
        )
    await api.command("lovelace/config/save", url_path=path, config=config)
    await api.command("frontend/set_user_data", key="core", value={"default_panel": path})


async def _config(api: Api) -> Json:
    devices = {
        device["id"]: device["name_by_user"] or device["name"]
        for device in await api.command("config/device_registry/list")
    }
    entities = [
        entity
        for entity in await api.command("config/entity_registry/list")
        if entity["platform"] == _DOMAIN
        and entity["disabled_by"] is None
        and entity["entity_category"] is None
    ]
    sections = [
        _section(name, [entity for entity in entities if entity["device_id"] == device_id])
        for device_id, name in devices.items()
        if any(entity["device_id"] == device_id for entity in entities)
    ]
    view = {"title": TITLE, "path": "nodes", "type": "sections", "sections": sections}
    return {"views": [view | {"max_columns": 3}]}


def _section(name: str, entities: list[Json]) -> Json:
    order = sorted(entities, key=_rank)
    moisture = [entity["entity_id"] for entity in order if _key(entity) == "moisture"]
    cards: list[Json] = [{"type": "heading", "heading": name, "icon": "mdi:sprout"}]
    cards += [_tile(entity) for entity in order]
    if moisture:
        graph: Json = {"type": "history-graph", "hours_to_show": 1, "entities": moisture}
        cards.append(graph | {"grid_options": {"columns": "full"}})
    return {"type": "grid", "cards": cards}


def _key(entity: Json) -> str:
    return str(entity.get("translation_key") or "").removesuffix("_of")


def _rank(entity: Json) -> tuple[int, str]:
    key = _key(entity)
    return (_SHOWN.index(key) if key in _SHOWN else len(_SHOWN), entity["entity_id"])


def _tile(entity: Json) -> dict[str, Any]:
    tile: Json = {"type": "tile", "entity": entity["entity_id"], "name": {"type": "entity"}}
    if entity["entity_id"].startswith("switch."):
        tile["features"] = [{"type": "toggle"}]
    return tile
