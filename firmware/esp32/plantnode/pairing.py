"""The key of this node: made from the pairing code at first, from Home Assistant afterwards (§3).

The file is replaced atomically before a new key is acknowledged, so a power cut leaves both ends
with a key in common. A broken file is no key: the node makes a new code and has to be paired again.
"""

import json
import os

from plantnode import clock, files, limits, seal

NAME = "keys.json"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def new_code() -> str:
    """16 characters of base32: 80 bits of the hardware's random numbers."""
    return "".join([_ALPHABET[byte & 31] for byte in os.urandom(16)])


def spelled(code: str) -> str:
    """The code as a person reads it: ABCD-EFGH-IJKL-MNOP."""
    return "-".join([code[at : at + 4] for at in range(0, 16, 4)])


def code_key(code: str, node: str) -> bytes:
    """The key a code stands for."""
    return seal.hkdf(code.encode(), b"PV1 code", node.encode(), 32)


def _store(kid: int, key: bytes, code: str, home: str) -> None:
    fields = {"kid": kid, "k": list(key), "code": code, "home": home}
    files.write(NAME, json.dumps(fields).encode())


def replace(kid: int, key: bytes) -> None:
    """Another key, from whoever holds the cable: it may be another Home Assistant's."""
    _store(kid, key, "", "")


class Keys:
    """The key in force and its number; `code` is empty once the node is paired."""

    def __init__(self, node: str) -> None:
        self.node = node
        self.kid, self.key, self.code, self.home = 0, b"", "", ""
        for name in (NAME, NAME + files.NEW):
            if self._take(files.read(name)):
                return
        self.renew()

    def _take(self, data: bytes | None) -> bool:
        try:
            fields = json.loads(data or b"")
            kid, key, code = fields["kid"], bytes(fields["k"]), fields["code"]
            home = fields["home"]
        except (ValueError, KeyError, TypeError):
            return False
        if type(kid) is not int or len(key) != 32 or not isinstance(code, str):
            return False
        self.kid, self.key, self.code = kid, key, code
        self.home = home if isinstance(home, str) else ""
        return True

    def _save(self) -> None:
        _store(self.kid, self.key, self.code, self.home)

    def renew(self) -> None:
        """A new code; the old key is gone."""
        self.code = new_code()
        self.kid, self.key, self.home = 0, code_key(self.code, self.node), ""
        self._save()

    def hold(self, kid: int, key: bytes) -> None:
        """Hold a new key from the next session on; raises OSError, and then the old one stays."""
        before = (self.kid, self.key, self.code)
        self.kid, self.key, self.code = kid, key, ""
        try:
            self._save()
        except OSError:
            self.kid, self.key, self.code = before
            raise

    def remember(self, home: str) -> None:
        """Which Home Assistant is ours: only a hint which one to dial first."""
        if home and home != self.home:
            self.home = home
            try:
                self._save()
            except OSError:
                pass

    def paired(self) -> bool:
        """Whether Home Assistant has given us a key."""
        return self.kid != 0


class Tries:
    """Counts wrong proofs.

    After 20 in ten minutes nobody is listened to until the ten minutes are over.
    """

    def __init__(self) -> None:
        self.wrong = []
        self.until = 0

    def locked(self) -> bool:
        """Whether a proof must not even be looked at."""
        return clock.ticks() < self.until

    def count(self) -> None:
        """One more wrong proof."""
        now = clock.ticks()
        self.wrong = [at for at in self.wrong if now - at < limits.CODE_WINDOW_MS] + [now]
        if len(self.wrong) >= limits.CODE_TRIES:
            self.until = self.wrong[0] + limits.CODE_WINDOW_MS
            self.wrong = []
