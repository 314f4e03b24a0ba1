"""What a person chose for this node, in one JSON file that a power cut leaves old or new.

Never broken.
"""

import json

from plantnode import files

NAME = "settings.json"


class Settings:
    """The settings of the node.

    Unknown keys are kept, so that an older firmware does not lose them.
    """

    def __init__(self, values: dict | None = None) -> None:
        self.values = values or {}

    def get(self, key: str, default=None):
        """The value of `key`, or `default` where it is absent or null."""
        value = self.values.get(key)
        return default if value is None else value

    def number(self, key: str, default: int, low: int, high: int) -> int:
        """An integer setting, forced into its range: a typing slip must not stop a node."""
        value = self.values.get(key)
        if type(value) is not int:
            return default
        return max(low, min(high, value))

    def text(self, key: str, most: int) -> str:
        """A text setting cut to `most` characters; empty where it is absent or something else."""
        value = self.values.get(key)
        return value[:most] if isinstance(value, str) else ""

    def put(self, key: str, value) -> None:
        """Change one setting and write the file; raises OSError if it can't be written."""
        self.change({key: value})

    def change(self, values: dict) -> None:
        """Change several settings in one write; None takes one away. Raises OSError."""
        self.values.update(values)
        for key in [key for key in values if values[key] is None]:
            del self.values[key]
        files.write(NAME, json.dumps(self.values).encode())


def load() -> Settings:
    """Read the settings; a missing or broken file gives empty ones (the node then says so)."""
    for name in (NAME, NAME + files.NEW):
        data = files.read(name)
        if data is None:
            continue
        try:
            values = json.loads(data)
        except ValueError:
            continue
        if isinstance(values, dict):
            return Settings(values)
    return Settings()
