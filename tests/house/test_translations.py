"""Everything a person can be shown has a text in every language, and every text is used."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from custom_components.plant_vita import (
    binary_sensor,
    button,
    calendar,
    camera,
    number,
    sensor,
    services,
    switch,
    todo,
)
from custom_components.plant_vita.actions import history
from custom_components.plant_vita.flows import garden_options, wiring
from custom_components.plant_vita.lighting import (
    controls as light_controls,
    figures as light_figures,
)
from custom_components.plant_vita.model import errors
from custom_components.plant_vita.model.plant import Silence
from custom_components.plant_vita.model.watering import Cause, Trouble, Why
from custom_components.plant_vita.photos import sensor as account_sensor
from custom_components.plant_vita.plants import (
    binary_sensor as plant_binary_sensor,
    button as plant_button,
    event as plant_event,
    image as plant_image,
    number as plant_number,
    sensor as plant_sensor,
)
from custom_components.plant_vita.plants.report import NOT_MEASURED
from custom_components.plant_vita.protocol.messages import AckError
from custom_components.plant_vita.watering import asking, controls, figures, stop_all
from tests.house.exception_words import (
    ALBUM,
    OF_ACCOUNTS,
    OF_BUCKETS,
    OF_LIGHT,
    OF_PHOTOS,
    OF_PLANTS,
)
from tests.house.python_files import PRODUCT

LANGUAGES = {path.stem: path for path in sorted((PRODUCT / "translations").glob("*.json"))}
ICONS: dict[str, Any] = json.loads((PRODUCT / "icons.json").read_text())["entity"]

# Every rule of the quality scale up to platinum.
RULES = """
action-setup appropriate-polling brands common-modules config-flow-test-coverage config-flow
dependency-transparency docs-actions docs-triggers docs-conditions docs-high-level-description
docs-installation-instructions docs-removal-instructions entity-event-setup entity-unique-id
has-entity-name runtime-data test-before-configure test-before-setup unique-config-entry

action-exceptions config-entry-unloading docs-configuration-parameters
docs-installation-parameters entity-unavailable integration-owner log-when-unavailable
parallel-updates reauthentication-flow test-coverage

devices diagnostics discovery-update-info discovery docs-data-update docs-examples
docs-known-limitations docs-supported-devices docs-supported-functions docs-troubleshooting
docs-use-cases dynamic-devices entity-category entity-device-class entity-disabled-by-default
entity-translations exception-translations icon-translations reconfiguration-flow repair-issues
stale-devices

async-dependency inject-websession strict-typing
"""

CHANNEL_DESCRIPTIONS = {
    "sensor": list(sensor.CHANNEL_SENSORS.values()),
    "binary_sensor": list(binary_sensor.CONTACTS.values()),
    "switch": list(switch.SWITCHES.values()),
    "number": list(number.NUMBERS.values()),
    "button": list(button.CALIBRATIONS),
    "camera": [camera.DESCRIPTION],
}
NODE_DESCRIPTIONS = {
    # An account with a service has figures of the same kind.
    "sensor": [*sensor.NODE_SENSORS, sensor.QUEUE, *account_sensor.SENSORS],
    "binary_sensor": [binary_sensor.PROBLEM],
    "button": [*button.NODE_BUTTONS, button.CANCEL],
}
PLANT_DESCRIPTIONS = {
    "sensor": [
        *plant_sensor.SENSORS,
        plant_sensor.TOXICITY,
        plant_sensor.GROWTH,
        *figures.WATER,
        figures.STATUS,
        light_figures.STANDING,
    ],
    "binary_sensor": [plant_binary_sensor.PLANT_PROBLEM],
    "button": [*plant_button.BUTTONS, stop_all.STOP_ALL],
    "event": [plant_event.CARE_EVENT],
    "image": [plant_image.PHOTO],
    "number": [*plant_number.NUMBERS, *controls.NUMBERS, light_controls.LAMP_HOURS],
    "select": [controls.AUTOMATIC, light_controls.AUTOMATIC_LIGHT],
    "switch": [controls.WATERING],
    "todo": [todo.LIST],
    "calendar": [calendar.CARE],
    "date": [controls.HARVEST],
    "time": [*light_controls.NIGHT],
}
MENU = {"node", "cable", "garden", "provider", "archive"}
# Home Assistant itself says these; a flow may show them under our domain.
HOME_ASSISTANT_ABORTS = {"already_configured", "already_in_progress"}


def texts(language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(LANGUAGES[language].read_text())
    return found


def flat(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text with its path."""
    if isinstance(tree, str):
        yield path, tree
        return
    for name, branch in tree.items():
        yield from flat(branch, (*path, name))


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def strings_passed(module: str, function: str, keyword: str) -> set[str]:
    """The literal strings that a module passes to a function by keyword."""
    found = set()
    for call in ast.walk(ast.parse((PRODUCT / module).read_text())):
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(function):
            found |= {
                literal.value
                for one in call.keywords
                if one.arg == keyword
                for literal in ast.walk(one.value)
                if isinstance(literal, ast.Constant) and isinstance(literal.value, str)
            }
    return found


def error_keys(*roots: type[errors.PlantVitaError]) -> set[str]:
    """The keys of these errors and of everything below them."""
    found = set()
    for root in roots:
        if isinstance(root.key, str):
            found.add(root.key)
        found |= error_keys(*root.__subclasses__())
    return found


def test_there_are_several_languages() -> None:
    assert {"en", "de", "nl", "fr", "es"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_texts_and_placeholders_of_english(language: str) -> None:
    english, other = dict(flat(texts("en"))), dict(flat(texts(language)))
    assert set(other) == set(english)
    different = [
        path for path, text in other.items() if placeholders(text) != placeholders(english[path])
    ]
    assert not different
    assert not [path for path, text in other.items() if not text.strip() or "[%key" in text]


def test_every_entity_has_its_name_and_no_other() -> None:
    expected: dict[str, set[str]] = {}
    for platform, descriptions in CHANNEL_DESCRIPTIONS.items():
        for one in descriptions:
            expected.setdefault(platform, set()).update(
                {f"{one.translation_key}", f"{one.translation_key}_of"}
            )
    single = [*NODE_DESCRIPTIONS.items(), *PLANT_DESCRIPTIONS.items()]
    for platform, node_descriptions in single:
        # Without a key of its own, the device class gives the name.
        expected.setdefault(platform, set()).update(
            one.translation_key for one in node_descriptions if one.translation_key
        )
    named = texts("en")["entity"]
    assert {platform: set(names) for platform, names in named.items()} == expected
    for _, text in flat({k: v for names in named.values() for k, v in names.items()}):
        assert placeholders(text) <= {"label"}
    for names in named.values():
        for key, name in names.items():
            assert placeholders(name["name"]) == ({"label"} if key.endswith("_of") else set())


def test_every_named_attribute_is_one() -> None:
    attributes = {
        name
        for names in texts("en")["entity"].values()
        for entity in names.values()
        for name in entity.get("state_attributes", {})
        # Home Assistant's own, whose states are ours.
        if name != "event_type"
    }
    written = set()
    modules = (binary_sensor, switch, plant_sensor, plant_binary_sensor, controls, figures)
    for module in (one.__file__ for one in (*modules, light_controls, light_figures)):
        written |= set(re.findall(r'"(\w+)": ', Path(module).read_text()))
    of_nodes = "faults ends_at blocked_by"
    of_plants = (
        "limiting factors reasons earliest latest at_least not_before why_not learnt_days"
        " weekly_change direction low high cats dogs children agent part"
    )
    of_water = "reason cause queued last_result wants_ml looks_again plan"
    assert attributes == {*f"{of_nodes} {of_plants} {of_water}".split(), *OF_LIGHT}
    assert attributes <= written


@pytest.mark.parametrize("platform", ICONS)
def test_every_icon_belongs_to_an_entity(platform: str) -> None:
    assert set(ICONS[platform]) <= set(texts("en")["entity"][platform])
    for icons in ICONS[platform].values():
        assert all(icon.startswith("mdi:") for _, icon in flat(icons))


def test_what_has_neither_device_class_nor_icon() -> None:
    every = [
        (platform, one)
        for group in (CHANNEL_DESCRIPTIONS, NODE_DESCRIPTIONS, PLANT_DESCRIPTIONS)
        for platform, descriptions in group.items()
        for one in descriptions
    ]
    bare = [
        one.key
        for platform, one in every
        if one.device_class is None and one.translation_key not in ICONS.get(platform, {})
    ]
    assert bare == []


def test_every_failed_command_has_its_reason() -> None:
    links = (errors.LinkError, errors.ProtocolError)
    photos = (errors.PhotoError, errors.AlbumError, errors.CloudError, errors.CameraError)
    known = error_keys(*links, *photos, errors.UpdateError) | {errors.PlantVitaError.key}
    refused = {errors.RefusedError(word).key for word in AckError}
    exceptions = texts("en")["exceptions"]
    of_water = {asking.key_of(why) for why in Why} - refused
    assert set(exceptions) == known | refused | OF_PLANTS | OF_PHOTOS | of_water | {"watering_rate"}
    for _, text in flat(exceptions):
        assert placeholders(text) <= {"seconds", "days", "field", "time", "name"}
    told = {key: placeholders(text["message"]) for key, text in exceptions.items()}
    waits = {key for key, names in told.items() if "seconds" in names}
    assert waits == {"refused_budget", "refused_soak"}
    times = {key for key, names in told.items() if "time" in names}
    assert times == {"watering_budget_spent", "watering_soaking", "watering_ledger_damaged"}
    assert told["history_too_long"] == {"days"}
    assert told["profile_invalid"] == {"field"}


def test_every_failed_pairing_has_its_reason() -> None:
    # No set-up asks for a photo or brings firmware; it asks its own service whatever the limits.
    others = (errors.PhotoError, errors.AlbumError, errors.NotAskedError, errors.UpdateError)
    known = error_keys(errors.PlantVitaError) - error_keys(*others, errors.CameraError)
    known -= {errors.AllFailedError.key}
    told = {"unknown", "key_refused", "join_refused", "ssid", "wifi_password", "url", "model_none"}
    told |= OF_BUCKETS
    assert set(texts("en")["config"]["error"]) == known | told


MODULES = {
    "config": [
        "config_flow.py",
        "flows/pairing.py",
        "flows/joining.py",
        "flows/cable.py",
        "flows/garden.py",
        "flows/account.py",
        "flows/archive.py",
    ],
    "options": ["flows/reporting.py", "flows/wiring.py", "flows/garden_options.py"],
}
# Shown by a function that gets the name of the step.
PASSED_ON = {"config": {"reauth_confirm", "reconfigure", "pair", "cable", "port"}, "options": set()}


def passed_in(section: str, function: str, keyword: str) -> set[str]:
    """The same for every module of a flow."""
    found: set[str] = set()
    for module in MODULES[section]:
        found |= strings_passed(module, function, keyword)
    return found


@pytest.mark.parametrize("section", MODULES)
def test_every_step_has_its_texts(section: str) -> None:
    shown = passed_in(section, "async_show_form", "step_id")
    shown |= passed_in(section, "async_show_menu", "step_id") | PASSED_ON[section]
    found = texts("en")[section]
    assert set(found["step"]) == shown
    aborts = passed_in(section, "async_abort", "reason")
    aborts |= passed_in(section, "_abort_if_unique_id_configured", "error")
    if section == "config":
        aborts |= HOME_ASSISTANT_ABORTS
        progress = passed_in(section, "async_show_progress", "progress_action")
        assert set(found["progress"]) == progress
    assert set(found["abort"]) == aborts
    for step in found["step"].values():
        assert set(step.get("data", {})) == set(step.get("data_description", {}))


def test_every_field_and_choice_has_its_text() -> None:
    found = texts("en")
    config, options = found["config"]["step"], found["options"]["step"]
    fields = {name: {*step.get("data", ())} for name, step in (config | options).items()}
    assert fields == {
        "nobody": set(),
        "choose": {"node"},
        "pair": {"code"},
        "confirm": set(),
        "reauth_confirm": {"code"},
        "reconfigure": {"code"},
        "init": set(),
        "rhythm": {"every"},
        "channel": {"channel"},
        "filter": {"median", "dead_band", "heartbeat"},
        "user": set(),
        "cable": {"device"},
        "port": {"device"},
        "cable_confirm": set(),
        "wifi": {"ssid", "password", "url"},
        "not_called": set(),
        "wiring": {"slot"},
        "wire": {"kind", "place", "label"},
        "garden": {*garden_options._PLAIN, "weather", "price", "leak_sensors", *ALBUM},
        **OF_ACCOUNTS,
    }
    menu = passed_in("options", "async_show_menu", "menu_options")
    assert set(options["init"]["menu_options"]) == menu
    menus = {name: {*one["menu_options"]} for name, one in config.items() if "menu_options" in one}
    assert menus == {"user": MENU, "not_called": {"calling", "wifi"}}
    of_the_garden = {"quiet_half", "light_half", "holiday_endless", "holiday_past", "holiday_order"}
    assert set(found["options"]["error"]) == of_the_garden | {
        "median_even",
        "place",
        "label",
        "not_connected",
        "no_answer",
        "wire_bad",
        "wire_busy",
        "wire_refused",
    }


def test_every_action_has_its_texts_and_icon() -> None:
    described: dict[str, Any] = yaml.safe_load((PRODUCT / "services.yaml").read_text())
    named = texts("en")["services"]
    fields = {action: set(one["fields"]) for action, one in described.items()}
    assert {action: set(one["fields"]) for action, one in named.items()} == fields
    assert set(json.loads((PRODUCT / "icons.json").read_text())["services"]) == set(named)
    assert set(named) == {action.name for action in services.ACTIONS}
    for action in services.ACTIONS:
        assert fields[action.name] == set(action.fields), action.name


def test_everything_that_can_be_asked_for_has_its_text() -> None:
    selector = texts("en")["selector"]
    assert set(selector["period"]["options"]) == set(history.PERIODS)
    assert set(selector["measure"]["options"]) == set(history.MEASURES)
    days = texts("en")["entity"]["sensor"]["days_to_dry"]["state_attributes"]
    assert set(days["why_not"]["state"]) == {*Silence, NOT_MEASURED}


def test_everything_that_can_be_wired_has_its_text() -> None:
    wired = texts("en")["selector"]["wired"]["options"]
    assert set(wired) == {wiring.NOTHING, *wiring.KINDS}


def test_every_issue_has_its_text() -> None:
    raised = strings_passed("glue/issues.py", "async_create_issue", "translation_key")
    raised |= strings_passed("plants/issues.py", "async_create_issue", "translation_key")
    raised |= strings_passed("photos/issues.py", "async_create_issue", "translation_key")
    raised |= strings_passed("photos/archive/issues.py", "async_create_issue", "translation_key")
    locked = {f"watering_locked_{cause}" for cause in Cause}
    of_pumps = {f"watering_{one}" for one in Trouble if one is not Trouble.NO_RESPONSE}
    of_water = {"watering_tank_empty", "ledger_damaged", "watering_gone", "leak_sensor_gone"}
    of_water |= of_pumps
    assert set(texts("en")["issues"]) == raised | {"disk"} | locked | of_water
    for key, issue in texts("en")["issues"].items():
        assert set(issue) == {"title", "fix_flow" if key in locked else "description"}


def test_the_quality_scale_knows_every_rule() -> None:
    rules: dict[str, Any] = yaml.safe_load((PRODUCT / "quality_scale.yaml").read_text())["rules"]
    assert set(rules) == set(RULES.split())
    for name, rule in rules.items():
        status = rule if isinstance(rule, str) else rule["status"]
        assert status in {"done", "todo", "exempt"}, name
        assert status != "exempt" or rule["comment"].strip(), name
