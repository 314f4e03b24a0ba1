"""An archive comes in once a photo could be written there, and never with half of what it needs."""

from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_RECONFIGURE, SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.flows import archive
from custom_components.plant_vita.photos.archive import opening
from tests.photos.archive.emulators import (
    BUCKET,
    S3,
    Gcs,
    Tokens,
    gcs_fixture,
    s3_fixture,
    tokens_fixture,
)

s3 = s3_fixture()
gcs = gcs_fixture()
tokens = tokens_fixture()


@pytest.fixture(autouse=True)
async def house(hass: HomeAssistant, socket_enabled: None) -> None:
    assert await async_setup_component(hass, "http", {})


async def begin(hass: HomeAssistant, service: str) -> Any:
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert "archive" in flow["menu_options"]
    flow = await answer(hass, flow, next_step_id="archive")
    assert flow["step_id"] == "archive"
    flow = await answer(hass, flow, service=service)
    assert (flow["step_id"], flow["errors"]) == ("bucket", {})
    return flow


async def answer(hass: HomeAssistant, flow: Any, **said: Any) -> Any:
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], said)
    await hass.async_block_till_done()
    return flow


async def again(hass: HomeAssistant, entry: ConfigEntry, source: str) -> Any:
    """A flow about an archive that there is."""
    context = {"source": source, "entry_id": entry.entry_id, "unique_id": entry.unique_id}
    data = entry.data if source == SOURCE_REAUTH else None
    return await hass.config_entries.flow.async_init(DOMAIN, context=context, data=data)


def suggested(flow: Any) -> dict[str, Any]:
    fields = flow["data_schema"].schema
    return {str(one): (one.description or {}).get("suggested_value") for one in fields}


def typed(s3: S3, **other: Any) -> dict[str, Any]:
    return {
        "bucket": BUCKET,
        "base_url": f"{s3.url}/",
        "key_id": s3.key_id,
        "secret_key": s3.secret,
        "remove": False,
        "more": {},
        **other,
    }


async def close(hass: HomeAssistant) -> None:
    for entry in hass.config_entries.async_entries(DOMAIN):
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_s3(hass: HomeAssistant, s3: S3) -> None:
    flow = await begin(hass, "s3")
    flow = await answer(hass, flow, **typed(s3, more={"prefix": "/flat/plants/"}))
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["title"] == "S3"
    assert flow["data"] == {
        "kind": "archive",
        "service": "s3",
        "secrets": {"key_id": s3.key_id, "secret_key": s3.secret},
        "base_url": s3.url,
        "bucket": BUCKET,
        "region": "us-east-1",
        "prefix": "flat/plants",
        "remove": False,
    }
    # One is enough.
    again = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    again = await answer(hass, again, next_step_id="archive")
    assert (again["type"], again["reason"]) == (FlowResultType.ABORT, "archive_exists")
    await close(hass)


async def test_google(hass: HomeAssistant, gcs: Gcs, tokens: Tokens) -> None:
    flow = await begin(hass, "gcs")
    said = {
        "bucket": BUCKET,
        "service_account": tokens.account(),
        "remove": True,
        "more": {"base_url": gcs.url},
    }
    refused = await answer(hass, flow, **{**said, "service_account": "{}"})
    assert refused["errors"] == {"base": "provider_key"}
    flow = await answer(hass, flow, **said)
    assert flow["title"] == "Google Cloud Storage"
    assert flow["data"]["remove"] is True
    assert flow["data"]["base_url"] == gcs.url
    await close(hass)


def test_google_has_an_address_of_its_own() -> None:
    said = {"bucket": "b", "service_account": "{}", "remove": False, "more": {}}
    data = archive._as_data(archive.Kind.GCS, said, {})
    assert data["base_url"] == "https://storage.googleapis.com"


@pytest.mark.parametrize(
    ("other", "errors"),
    [
        ({"bucket": "No Bucket"}, {"bucket": "bucket_name"}),
        ({"more": {"prefix": ".."}}, {"base": "bucket_prefix"}),
        ({"region": "a b"}, {"region": "bucket_region"}),
        ({"secret_key": "wrong"}, {"base": "provider_key"}),
        ({"bucket": "elsewhere"}, {"base": "provider_refused"}),
        ({"base_url": "http://127.0.0.1:1"}, {"base": "provider_down"}),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    hass: HomeAssistant, s3: S3, other: dict[str, Any], errors: dict[str, str]
) -> None:
    flow = await begin(hass, "s3")
    flow = await answer(hass, flow, **typed(s3, **other))
    assert flow["errors"] == errors
    shown = suggested(flow)
    assert shown["bucket"] == other.get("bucket", BUCKET)
    flow = await answer(hass, flow, **typed(s3))
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await close(hass)


async def test_what_nobody_expected_is_caught(
    hass: HomeAssistant,
    s3: S3,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("canary")

    flow = await begin(hass, "s3")
    monkeypatch.setattr(opening, "async_check", fail)
    flow = await answer(hass, flow, **typed(s3))
    assert flow["errors"] == {"base": "unknown"}
    assert "canary" not in caplog.text


async def test_another_bucket_and_a_new_key(hass: HomeAssistant, s3: S3) -> None:
    flow = await begin(hass, "s3")
    flow = await answer(hass, flow, **typed(s3))
    entry = flow["result"]
    flow = await again(hass, entry, SOURCE_RECONFIGURE)
    assert flow["step_id"] == "bucket"
    shown = suggested(flow)
    assert shown["bucket"] == BUCKET
    assert shown["secret_key"] is None
    said = typed(s3, more={"prefix": "new"}, remove=True)
    del said["key_id"], said["secret_key"]
    flow = await answer(hass, flow, **said)
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert entry.data["secrets"] == {"key_id": s3.key_id, "secret_key": s3.secret}
    assert (entry.data["prefix"], entry.data["remove"]) == ("new", True)
    flow = await again(hass, entry, SOURCE_REAUTH)
    assert flow["step_id"] == "bucket"
    flow = await answer(hass, flow, **typed(s3))
    assert flow["reason"] == "reauth_successful"
    assert not entry.supports_options
    await close(hass)
