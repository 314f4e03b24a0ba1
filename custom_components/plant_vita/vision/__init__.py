"""Photos: from the bytes of a file to what may leave the house, and what can be measured of it.

For the glue, everything runs in a thread of its own (`hass.async_add_executor_job`) and is pure:

- `prepare.examine(data)` → `Examined(photo, quality, look)`: one decode within bounds, the rebuilt
  JPEG with its digest and perceptual hash, the quality, and the measures. About 60 ms for 10 MP.
- `quality.check(examined.quality)` raises PhotoDarkError, PhotoBrightError or PhotoBlurredError.
- `prepare.glance(data)` → `Look`: greenness and hash only, on an eighth of a large JPEG. 20 ms.
- `growth.growth(before, after)` compares two `Look`s and answers None where the views differ.

`model/photo.py` has the nouns, `model/errors.py` the PhotoErrors, each with its translation key.
Peak memory stays within 150 MB for any input. Importing loads numpy and Pillow: do it lazily.
"""
