"""First thing after any reset.

Every pump off, before the network, before anything can fail (W1).
"""

import slots

slots.enter()
try:
    from plantnode import board, settings

    board.load(settings.load()).safe()
except Exception:
    slots.fall_back()
    raise
