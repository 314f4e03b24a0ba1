"""ESP32-CAM (AI-Thinker, OV2640): camera and PSRAM take nearly all pins, soil probes find none."""

BOARD = {
    "model": "esp32cam",
    "chip": {
        "adc1": (),
        "input_only": (34, 35, 36, 39),
        "strapping": (0, 2, 5, 12, 15),
        # console, flash, PSRAM, camera
        "taken": (0, 1, 3, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19)
        + (21, 22, 23, 25, 26, 27, 32, 34, 35, 36, 39),
        "last": 39,
    },
    "adc_full_uv": 3_100_000,
    "soil": (),
    "battery": (),
    "dht": (),
    "pump": (13,),
    "light": (),
    "tank": (),
    "leak": (),
    "button": 14,
    "led": 33,
    "led_active": 0,
    "i2c": None,
    "camera": {
        "data_pins": [5, 18, 19, 21, 36, 39, 34, 35],
        "vsync_pin": 25,
        "href_pin": 23,
        "pclk_pin": 22,
        "xclk_pin": 0,
        "sda_pin": 26,
        "scl_pin": 27,
        "powerdown_pin": 32,
    },
    "flash": 4,
    "parts": ("camera",),
}
