"""What one needs to talk to a laboratory Home Assistant, kept beside its configuration."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

FILE = "plant-vita-lab.json"
USER = "plant"
PASSWORD = "plant"  # noqa: S105 - of a Home Assistant that listens on loopback only


@dataclass(frozen=True, kw_only=True)
class Access:
    """Where it listens (no slash at the end), and a long-lived token of its owner."""

    url: str
    token: str
    owner: str

    def save(self, folder: Path) -> None:
        """Write it where only this user can read it."""
        file = folder / FILE
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; raises FileNotFoundError for a folder never provisioned."""
        return cls(**json.loads((folder / FILE).read_text()))
