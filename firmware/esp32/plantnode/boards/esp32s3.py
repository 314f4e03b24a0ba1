"""ESP32-S3 development board (DevKitC-1, with or without octal PSRAM)."""

BOARD = {
    "model": "esp32s3",
    "chip": {
        "adc1": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        "input_only": (),
        "strapping": (0, 3, 45, 46),
        # USB, flash, octal PSRAM, console, the board's own LED
        "taken": (19, 20, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 43, 44, 48),
        "last": 48,
    },
    "adc_full_uv": 3_080_000,
    "soil": (1, 2),
    "battery": (4,),
    "dht": (10,),
    "pump": (21, 38),
    "light": (47,),
    "tank": (5,),
    "leak": (6,),
    "button": 7,
    "led": 41,
    "i2c": {"id": 0, "sda": 8, "scl": 9},
    "parts": ("soil", "pump"),
}
