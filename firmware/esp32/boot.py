"""First thing after any reset.

Every pump off, before the network, before anything can fail (W1).
"""

from plantnode import board, settings

board.load(settings.load()).safe()
