"""ESP32 development board (ESP32-WROOM-32, 38 pins)."""

BOARD = {
    "model": "esp32dev",
    "chip": {
        "adc1": (32, 33, 34, 35, 36, 39),
        "input_only": (34, 35, 36, 39),
        "strapping": (0, 2, 5, 12, 15),
        "taken": (1, 3, 6, 7, 8, 9, 10, 11),  # console and flash
        "last": 39,
    },
    "adc_full_uv": 3_100_000,
    "soil": (34, 35),
    "battery": (39,),
    "dht": (4,),
    "pump": (26, 27),
    "light": (25,),
    "tank": (33,),
    "leak": (32,),
    "button": 13,
    "led": 23,
    "i2c": {"id": 0, "sda": 21, "scl": 22},
    "parts": ("soil", "pump"),
}
