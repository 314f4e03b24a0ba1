"""What this node never does, whoever asks.

Constants on purpose: nothing on the wire changes them.
"""

PUMP_MS_MAX = 30_000  # W2: one watering
PUMP_BUDGET_MS = 120_000  # W4: all pumps of the node together, in a rolling day
DAY_MS = 86_400_000
SOAK_MS = 60_000  # W5: between two waterings of one channel
LIGHT_MS_MAX = 86_400_000
IDS_KEPT = 16  # W6
WATCHDOG_MS = 5_000  # W3

SAFETY_POLL_MS = 50  # contacts, button, deadlines
TANK_CLEAR_MS = 10_000  # how long a contact must be quiet before pumps may run again
LEAK_CLEAR_MS = 60_000

MESSAGE_MAX = 4096
CABLE_MESSAGE_MAX = 1024  # a `join` with all its texts at their longest, and escapes in them
RATE_MS = 500  # Home Assistant closes at 2 messages a second with bursts of 10; we stay below
BURST = 8
EVERY_S = (5, 86_400)
SAMPLE_S = (1, 3_600)
CODE_TRIES = 20
CODE_WINDOW_MS = 600_000
