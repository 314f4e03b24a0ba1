"""What a person does with plants, through the same forms as the frontend."""

from collections.abc import Mapping
from typing import Any

from .api import Api, Json

FLOW = "/api/config/config_entries/subentries/flow"
LIST = "todo.plants_to_do"


async def make_garden(api: Api) -> str:
    """Make the garden; the id of the form for its first plant."""
    made = await api.begin("plant_vita", "garden")
    assert made["type"] == "create_entry", made
    kind, flow_id = made["next_flow"]
    assert kind == "config_subentries_flow"
    return str(flow_id)


async def answer(api: Api, flow_id: str, **said: Any) -> Json:
    """Answer a form of a plant; the next step, or what came of it."""
    step: Json = await api.rest("POST", f"{FLOW}/{flow_id}", said)
    assert not step.get("errors"), step
    return step


async def add_plant(api: Api, name: str, species: str, inputs: Mapping[str, Any]) -> None:
    """Add a plant, with the garden if there is none yet; `inputs` as the form of sensors has them.

    Raises `AssertionError` with the last step if the forms want to know more.
    """
    entries = await api.command("config_entries/get", domain="plant_vita")
    there = any(entry["title"] == "Plants" for entry in entries)
    flow_id = (await begin_plant(api))["flow_id"] if there else await make_garden(api)
    await new_plant(api, flow_id)
    step = await answer(api, flow_id, name=name, species=species, outdoors=False)
    if step["type"] != "create_entry":
        step = await answer(api, flow_id, **inputs)
    if step.get("step_id") == "pump":
        step = await answer(api, flow_id)
    assert step["type"] == "create_entry", step


async def new_plant(api: Api, flow_id: str) -> str:
    """Choose a new plant, if there is anything else to choose; the id of the form."""
    step = await api.rest("GET", f"{FLOW}/{flow_id}")
    if step["type"] == "menu":
        step = await answer(api, flow_id, next_step_id="plant")
    assert step["step_id"] == "plant", step
    return flow_id


async def begin_plant(api: Api) -> Json:
    """Press "Add plant"; the first step."""
    step: Json = await api.rest("POST", FLOW, {"handler": [await garden_id(api), "plant"]})
    return step


async def change_plant(api: Api, name: str) -> str:
    """Press "Change plant"; the id of the form."""
    plant = (await plants(api))[name]
    handler = [await garden_id(api), "plant"]
    step = await api.rest("POST", FLOW, {"handler": handler, "subentry_id": plant})
    return str(step["flow_id"])


async def garden_id(api: Api) -> str:
    """The garden's entry."""
    entries = await api.command("config_entries/get", domain="plant_vita")
    return next(str(entry["entry_id"]) for entry in entries if entry["title"] == "Plants")


async def plants(api: Api) -> dict[str, str]:
    """The ids of all plants by their names."""
    listed = await api.command("config_entries/subentries/list", entry_id=await garden_id(api))
    return {one["title"]: one["subentry_id"] for one in listed}


async def to_do(api: Api) -> dict[str, Json]:
    """What is to be done, by what it is called."""
    said = await api.action("todo.get_items", target={"entity_id": LIST}, response=True)
    return {item["summary"]: item for item in said[LIST]["items"]}


async def shown(api: Api, slug: str) -> dict[str, str]:
    """The states of a plant's sensors, and its problem, by entity id."""
    return {
        entity_id: state["state"]
        for entity_id, state in (await api.states()).items()
        if entity_id.startswith((f"sensor.{slug}_", f"binary_sensor.{slug}_"))
    }
