"""ESP32-C3 board (DevKitM-1, Super Mini): few pins, hence no DHT22 and no grow light."""

BOARD = {
    "model": "esp32c3",
    "chip": {
        "adc1": (0, 1, 2, 3, 4),
        "input_only": (),
        "strapping": (2, 8, 9),
        "taken": (11, 12, 13, 14, 15, 16, 17, 18, 19),  # flash and USB, which is the console
        "last": 21,
    },
    "adc_full_uv": 2_800_000,
    "soil": (0, 1),
    "battery": (3,),
    "dht": (),
    "pump": (10,),
    "light": (),
    "tank": (4,),
    "leak": (5,),
    "button": 20,
    "led": 21,
    "i2c": {"id": 0, "sda": 6, "scl": 7},
    "parts": ("soil",),
}
