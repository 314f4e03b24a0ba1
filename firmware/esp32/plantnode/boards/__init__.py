"""One file for each board: data only, read by the node and by the simulator.

Pins follow three rules: analogue parts sit on ADC1 (ADC2 stops while the radio runs), no part sits
on a strapping pin (it could keep the board from starting), and no output sits on an input-only pin.
Pumps keep off pins that twitch while the chip starts.
"""

NAMES = ("esp32dev", "esp32s3", "esp32c3", "esp32cam", "esp32s3cam")
