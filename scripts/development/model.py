"""A model of the laboratory's Home Assistant, which its own AI Task asks: no key, no network."""

from pathlib import Path

from scripts.lab.api import Api

_COMPONENT = Path(__file__).resolve().parents[1] / "lab" / "lab_model"
_ENTITY = "ai_task.lab_model"
_DOMAIN = "plant_vita"
_READY_S = 30.0


def install(home: Path) -> None:
    """Let the Home Assistant of this folder find the model when it starts."""
    components = home / "custom_components"
    components.mkdir(parents=True, exist_ok=True)
    link = components / _COMPONENT.name
    link.unlink(missing_ok=True)
    link.symlink_to(_COMPONENT)


async def let_ask(api: Api) -> str:
    """Have the model, and an account that asks it; its title."""
    if not await api.command("config_entries/get", domain=_COMPONENT.name):
        step = await api.start_flow(_COMPONENT.name)
        if step["type"] != "create_entry":
            raise RuntimeError(f"the model was not set up: {step}")
    await api.until_state(_ENTITY, lambda state: state != "unavailable", within=_READY_S)
    entries = await api.command("config_entries/get", domain=_DOMAIN)
    titles = [str(one["title"]) for one in entries if str(one["title"]).startswith("AI Task")]
    if titles:
        return titles[0]
    flow = await api.begin(_DOMAIN, "provider")
    flow = await api.flow_step(flow["flow_id"], {"service": "ai_task"})
    step = await api.flow_step(flow["flow_id"], {"entity": _ENTITY, "advanced": {}})
    if step["type"] != "create_entry":
        raise RuntimeError(f"nobody asks the model: {step}")
    return str(step["title"])
