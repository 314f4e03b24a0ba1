"""First thing after any reset: every pump off, before the network, before anything can fail (W1)."""

from plantnode import board, settings

board.load(settings.load()).safe()
