"""ESP32-S3 with a camera, wired as on the ESP32-S3-EYE: Freenove ESP32-S3 CAM and its many kin."""

BOARD = {
    "model": "esp32s3cam",
    "chip": {
        "adc1": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        "input_only": (),
        "strapping": (0, 3, 45, 46),
        # camera, USB, flash, octal PSRAM, card, console, the board's own LED
        "taken": (4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 26, 27, 28, 29, 30)
        + (31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 43, 44, 48),
        "last": 48,
    },
    "adc_full_uv": 3_080_000,
    "soil": (1,),
    "battery": (),
    "dht": (),
    "pump": (21,),
    "light": (),
    "tank": (47,),
    "leak": (),
    "button": 14,
    "led": 2,
    "i2c": {"id": 0, "sda": 41, "scl": 42},
    "camera": {
        "data_pins": [11, 9, 8, 10, 12, 18, 17, 16],
        "vsync_pin": 6,
        "href_pin": 7,
        "pclk_pin": 13,
        "xclk_pin": 15,
        "sda_pin": 4,
        "scl_pin": 5,
    },
    "parts": ("camera", "soil", "pump"),
}
