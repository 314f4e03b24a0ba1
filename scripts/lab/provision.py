"""Make a configuration folder that Home Assistant starts from without asking anything.

Runs with the Python of the Home Assistant that will use the folder, because it writes through
that release's own stores: `python -m scripts.lab.provision FOLDER --port PORT`. A folder that was
provisioned before keeps its owner, its token and its history; only the port is written anew.
"""

import argparse
import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from homeassistant import runner
from homeassistant.auth import auth_manager_from_config
from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.auth.providers.homeassistant import HassAuthProvider
from homeassistant.components.http import config as http_config
from homeassistant.components.onboarding.const import STEPS
from homeassistant.config_entries import ConfigEntries
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .access import FILE, PASSWORD, USER, Access

PRODUCT = Path(__file__).resolve().parents[2] / "custom_components" / "plant_vita"
TOKEN_LIFETIME = timedelta(days=3650)
ONBOARDING_VERSION = 4
ANALYTICS_VERSION = 1

# Becomes the folder's own: in a container Home Assistant would keep photos in the machine's /media.
_MEDIA = "OWN_MEDIA_FOLDER"
# No zeroconf: the laboratory stays on loopback, and that would speak to the network. No http
# either: in YAML it is a trial that ends after five minutes.
CONFIGURATION = f"""\
homeassistant:
  name: Plant Vita Lab
  latitude: 52.37
  longitude: 4.89
  elevation: 2
  unit_system: metric
  time_zone: Europe/Amsterdam
  country: NL
  currency: EUR
  language: en
  media_dirs:
    local: {_MEDIA}
isal:
frontend:
recorder:
  commit_interval: 1
history:
logbook:
media_source:
conversation:
assist_pipeline:
sun:
my:
logger:
  default: info
  logs:
    custom_components.plant_vita: debug
plant_vita:
"""


async def provision(folder: Path, port: int) -> Access:
    """Write everything a first start needs and return the way in."""
    _write_files(folder)
    hass = HomeAssistant(str(folder))
    hass.config_entries = ConfigEntries(hass, {})
    await hass.config_entries.async_initialize()
    dr.async_setup(hass)
    await asyncio.gather(dr.async_load(hass), er.async_load(hass))
    url = f"http://127.0.0.1:{port}"
    if (folder / FILE).is_file():
        access = replace(Access.load(folder), url=url)
    else:
        access = await _create_owner(hass, url)
        await _skip_questions(hass)
    await _listen_on(hass, port)
    await hass.async_block_till_done()
    await hass.async_stop(force=True)  # writes what the stores still hold back
    access.save(folder)
    return access


def _write_files(folder: Path) -> None:
    components = folder / "custom_components"
    components.mkdir(parents=True, exist_ok=True)
    link = components / PRODUCT.name
    link.unlink(missing_ok=True)
    link.symlink_to(PRODUCT)
    configuration, media = folder / "configuration.yaml", folder / "media"
    media.mkdir(exist_ok=True)
    written = configuration.read_text() if configuration.exists() else CONFIGURATION
    configuration.write_text(written.replace(_MEDIA, str(media)))


async def _create_owner(hass: HomeAssistant, url: str) -> Access:
    hass.auth = await auth_manager_from_config(hass, [{"type": "homeassistant"}], [])
    provider = hass.auth.auth_providers[0]
    assert isinstance(provider, HassAuthProvider)
    await provider.async_initialize()
    await provider.async_add_auth(USER, PASSWORD)
    owner = await hass.auth.async_create_user("Plant", group_ids=[GROUP_ID_ADMIN])
    credentials = await provider.async_get_or_create_credentials({"username": USER})
    await hass.auth.async_link_user(owner, credentials)
    refresh = await hass.auth.async_create_refresh_token(
        owner,
        client_name="Plant Vita lab",
        token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
        access_token_expiration=TOKEN_LIFETIME,
    )
    return Access(url=url, token=hass.auth.async_create_access_token(refresh), owner=owner.id)


async def _skip_questions(hass: HomeAssistant) -> None:
    # Marked as done, not done: the real steps would set up integrations that need the internet.
    onboarding = Store[dict[str, list[str]]](hass, ONBOARDING_VERSION, "onboarding", private=True)
    await onboarding.async_save({"done": list(STEPS)})
    kinds = ("base", "diagnostics", "usage", "statistics", "snapshots")
    analytics = Store[dict[str, object]](hass, ANALYTICS_VERSION, "core.analytics")
    await analytics.async_save(
        {
            "onboarded": True,
            "uuid": None,
            "submission_identifier": None,
            "snapshot_submission_time": None,
            "preferences": dict.fromkeys(kinds, False),
        }
    )


async def _listen_on(hass: HomeAssistant, port: int) -> None:
    settings = http_config.HTTP_STORAGE_SCHEMA(
        {"server_host": ["127.0.0.1"], "server_port": port},
    )
    stable = {
        **settings,
        "created_at": dt_util.utcnow().isoformat(),
        "error": None,
        "error_message": None,
    }
    store = Store[dict[str, object]](
        hass,
        http_config.STORAGE_VERSION,
        http_config.STORAGE_KEY,
        minor_version=http_config.STORAGE_MINOR_VERSION,
    )
    await store.async_save({"stable": stable, "pending": None, "yaml_migration_done": True})


def main() -> None:
    """Provision the folder given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    folder = options.folder.resolve()
    asyncio.run(provision(folder, options.port), loop_factory=runner.create_event_loop)


if __name__ == "__main__":
    main()
