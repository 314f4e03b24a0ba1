"""Other people of a laboratory's house than its owner."""

import aiohttp

from .access import PASSWORD, Access
from .api import Api

GUESTS = "system-read-only"
"""The group of those who may look at everything, and touch nothing."""


async def move_in(api: Api, access: Access, name: str, group: str = GUESTS) -> Access:
    """Let somebody live in the house and log in; their way in, for half an hour."""
    user = (await api.command("config/auth/create", name=name, group_ids=[group]))["user"]
    said = {"user_id": user["id"], "username": name.lower(), "password": PASSWORD}
    await api.command("config/auth_provider/homeassistant/create", **said)
    token = await _log_in(access.url, name.lower())
    return Access(url=access.url, token=token, owner=str(user["id"]))


async def _log_in(url: str, username: str) -> str:
    client = f"{url}/"
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        asked = {"client_id": client, "handler": ["homeassistant", None], "redirect_uri": client}
        async with session.post(f"{url}/auth/login_flow", json=asked) as answer:
            flow = (await answer.json())["flow_id"]
        said = {"client_id": client, "username": username, "password": PASSWORD}
        async with session.post(f"{url}/auth/login_flow/{flow}", json=said) as answer:
            code = (await answer.json())["result"]
        grant = {"client_id": client, "grant_type": "authorization_code", "code": code}
        async with session.post(f"{url}/auth/token", data=grant) as answer:
            return str((await answer.json())["access_token"])
