"""The stage itself: what it takes for a complaint of ours, and what not."""

from .stage import Stage

LOG = """\
2026-11-21 03:36:55.278 WARNING (SyncWorker_0) [homeassistant.loader] We found a custom \
integration plant_vita which has not been tested by Home Assistant.
2026-11-21 03:36:55.508 ERROR (MainThread) [haffmpeg.core] FFmpeg fails
Traceback (most recent call last):
  File "core.py", line 1, in open
2026-11-21 03:36:56.001 INFO (MainThread) [custom_components.plant_vita] Basil is back
"""
OURS = (
    "2026-11-21 03:36:57.000 WARNING (MainThread) [custom_components.plant_vita] a warning\n",
    (
        "2026-11-21 03:36:57.000+00:00 ERROR (MainThread) [homeassistant] Error doing job\n"
        'Traceback (most recent call last):\n  File "custom_components/plant_vita/entity.py"\n'
    ),
    (
        "2026-11-21 03:36:57.000 DEBUG (MainThread) [custom_components.plant_vita] hidden\n"
        "Traceback (most recent call last):\n"
    ),
    (
        "2026-11-21 03:36:57.000 WARNING (MainThread) [homeassistant.helpers.frame] Detected that"
        " custom integration 'plant_vita' calls something that stops working\n"
    ),
)


def test_what_the_log_says_against_us_is_found_and_nothing_else(tmp_path):
    stage = Stage(tmp_path)
    stage.home.folder.mkdir()
    stage.home.log.write_text(LOG)
    assert stage.complaints() == []
    stage.home.log.write_text(LOG + "".join(OURS))
    assert stage.complaints() == list(OURS)
