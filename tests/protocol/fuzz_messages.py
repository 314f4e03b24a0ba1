"""Feed bytes to everything that reads what a stranger or a node has sent, for as long as you like.

    python -m tests.protocol.fuzz_messages [seconds]

With atheris its coverage guides the bytes; without, golden messages are damaged at random.
"""

import contextlib
import random
import sys
import time

from custom_components.plant_vita.model.errors import ProtocolError
from custom_components.plant_vita.protocol.handshake import parse_dial, parse_refusal
from custom_components.plant_vita.protocol.messages import decode
from tests.protocol.golden import VECTORS

try:
    import atheris
except ImportError:
    atheris = None

READERS = (decode, parse_dial, parse_refusal)
DIAL = b'{"v":1,"id":"a4cf12000001","kid":0,"nn":"000102030405060708090a0b0c0d0e0f","m":"x"}'
SEEDS = [DIAL, b'{"err":"proof"}', *(case["text"].encode() for case in VECTORS["from_node"])]
PIECES = [
    b"null",
    b"-1",
    b"1e308",
    b"{}",
    b"[]",
    b'""',
    b"\xff",
    b"[" * 50,
    b"9" * 30,
    b'"\\u0000"',
]


def one_input(data: bytes) -> None:
    """Read `data` in every way; raises what a reader must not raise."""
    for reader in READERS:
        with contextlib.suppress(ProtocolError):
            reader(data)


def damaged(dice: random.Random) -> bytes:
    """A seed with some of its bytes replaced, removed or doubled."""
    data = bytearray(dice.choice(SEEDS))
    for _ in range(dice.randint(1, 6)):
        at, length = dice.randint(0, len(data)), dice.choice((0, 1, 1, 2, 8))
        new = dice.choice((b"", dice.randbytes(length), dice.choice(PIECES), bytes(data[at:])))
        data[at : at + length] = new
    return bytes(data)


def run(seconds: float, dice: random.Random) -> int:
    """Damage and read until the time is over; how many inputs there were."""
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        one_input(damaged(dice))
        count += 1
    return count


def main() -> None:
    """Fuzz for as many seconds as the command line says."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    if atheris is not None:
        atheris.instrument_all()
        atheris.Setup([sys.argv[0], f"-max_total_time={seconds:.0f}"], one_input)
        atheris.Fuzz()
        return
    sys.stdout.write(f"{run(seconds, random.Random())} inputs, nothing uncaught\n")


if __name__ == "__main__":
    main()
