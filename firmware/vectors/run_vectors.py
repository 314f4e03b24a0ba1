"""Run the golden vectors against the node's own code.

    micropython firmware/vectors/run_vectors.py [pv1.json [lines.json]]    (CPython runs it as well)

Prints one line for each group and exits with 1 when anything differs.
"""

import json
import sys

HERE = __file__.rsplit("/", 1)[0] if "/" in __file__ else "."
sys.path.insert(0, HERE + "/../esp32")

from binascii import unhexlify  # noqa: E402 - the path comes first

from plantnode import handshake, lines, messages, pairing, seal  # noqa: E402
from plantnode.button import Button  # noqa: E402
from plantnode.commands import Commands  # noqa: E402
from plantnode.interlock import Interlock  # noqa: E402
from plantnode.light import Lights  # noqa: E402
from plantnode.outputs import Outputs  # noqa: E402
from plantnode.pump import Pumps  # noqa: E402

PUMP, LIGHT, SENSOR = 4, 5, 0


class Stand:
    """In the place of everything a command may touch."""

    def __init__(self, **parts):
        for name in parts:
            setattr(self, name, parts[name])


def node():
    """A node with a pump, a light and a probe; real limits, nothing behind them."""
    nothing = Stand(init=lambda **how: None, deinit=lambda: None, ONE_SHOT=0)
    ledger = Stand(ran=lambda name: False, note=lambda name: None, book=lambda *what: None)
    ledger.soak_wait = ledger.budget_wait = lambda what: 0
    pin = Stand(on=lambda: None, off=lambda: None, duty_u16=lambda duty: None)
    pumps = Pumps({PUMP: pin}, ledger, Interlock([]), nothing)
    button = Button(None, None)
    return Stand(
        outputs=Outputs(pumps, Lights({LIGHT: pin}), Interlock([]), button),
        ledger=ledger,
        board=Stand(channels=[Stand(index=SENSOR)]),
        settings=Stand(get=lambda key, default: default, put=lambda key, value: None),
        sampler=Stand(configure=lambda index, change: None),
        updates=Stand(installing=lambda: False),
        cameras=Stand(make_way=lambda: None),
    )


def check_hmac(case):
    """RFC 4231."""
    mac = seal.Mac(unhexlify(case["key"])).over(unhexlify(case["data"]))
    return seal.to_hex(mac).startswith(case["mac"])


def check_hkdf(case):
    """RFC 5869."""
    parts = [unhexlify(case[name]) for name in ("secret", "salt", "info")]
    return seal.hkdf(parts[0], parts[1], parts[2], case["length"]) == unhexlify(case["out"])


def check_aead(case):
    """RFC 7518, appendix B.1."""
    half = seal.Half(unhexlify(case["key"]))
    aad, iv, plain = [unhexlify(case[name]) for name in ("aad", "iv", "plain")]
    sealed = half.encrypt(aad, iv, plain)
    same = sealed == unhexlify(case["cipher"] + case["tag"])
    return same and half.decrypt(aad, iv, sealed) == plain


def check_code(case):
    """The key of a pairing code."""
    return pairing.code_key(case["code"], case["id"]) == unhexlify(case["key"])


def check_handshake(case):
    """Both proofs, and an answer that leads to a session."""
    key, nonces = unhexlify(case["key"]), unhexlify(case["nn"] + case["hn"])
    about = (case["id"].encode(), case["kid"], nonces, unhexlify(case["sid"]))
    proofs = (seal.proof(key, seal.TO_NODE, *about), seal.proof(key, seal.TO_HOME, *about))
    if [seal.to_hex(proof) for proof in proofs] != [case["proof_home"], case["proof_node"]]:
        return False
    dial = handshake.Handshake(case["id"], case["kid"], key, unhexlify(case["nn"]))
    dial.finish(case["answer"].encode())
    try:
        handshake.Handshake(case["id"], case["kid"], bytes(32), unhexlify(case["nn"])).finish(
            case["answer"].encode()
        )
    except handshake.WrongProofError:
        return True
    return False


def check_frames(case, about):
    """Frames one after another; None must be refused."""
    end = seal.TO_HOME if case["receiver"] == "node" else seal.TO_NODE
    nonces = unhexlify(about["nn"] + about["hn"])
    key, name = unhexlify(about["key"]), about["id"].encode()
    session = seal.Session(key, end, name, about["kid"], nonces, unhexlify(about["sid"]))
    for step in case["steps"]:
        try:
            text = session.open(unhexlify(step["frame"])).decode()
        except seal.FrameError:
            text = None
        if text != step["text"]:
            return False
    return True


def check_piece(case, about):
    """A piece of a photo, as the first frame of a session."""
    nonces = unhexlify(about["nn"] + about["hn"])
    key, name = unhexlify(about["key"]), about["id"].encode()
    session = seal.Session(key, seal.TO_HOME, name, about["kid"], nonces, unhexlify(about["sid"]))
    sealed = session.seal(unhexlify(case["data"]), unhexlify(case["iv"]), seal.PIECE)
    return sealed == unhexlify(case["frame"])


def check_from_home(case):
    """What Home Assistant says is understood, or refused with the right word."""
    fields = messages.parse(case["text"].encode())
    if fields["t"] == "cmd":
        return Commands(node()).run(fields).get("err", "") == case["err"]
    reader = {"hi": messages.greeting, "got": messages.confirmation, "key": messages.new_key}
    return bool(reader[fields["t"]](fields))


def check_from_node(case):
    """Our own messages survive our own JSON."""
    if not case["ok"]:
        return True
    fields = messages.parse(case["text"].encode())
    return messages.parse(messages.encode(fields)) == fields


def check_line(case):
    """A stream of bytes: the messages in it, and how many other lines were dropped."""
    reader, found, dropped = lines.Lines(case["longest"]), [], 0
    for byte in unhexlify(case["bytes"]):
        line = reader.feed(byte)
        payload = lines.payload(line, case["longest"]) if line else None
        if payload is not None:
            found.append(payload.decode())
        elif line and line != b"\r":
            dropped += 1  # a word for a person is one to a program
    dropped += reader.dropped
    return found == case["messages"] and dropped == sum(case["dropped"].values())


CHECKS = {
    "hmac": check_hmac,
    "hkdf": check_hkdf,
    "aead": check_aead,
    "code": check_code,
    "handshake": check_handshake,
    "from_home": check_from_home,
    "from_node": check_from_node,
    "lines": check_line,
}


def main():
    """Run the file named on the command line, or the one beside this program."""
    with open(sys.argv[1] if len(sys.argv) > 1 else HERE + "/pv1.json") as file:
        vectors = json.load(file)
    with open(sys.argv[2] if len(sys.argv) > 2 else HERE + "/lines.json") as file:
        vectors["lines"] = json.load(file)
    failed = 0
    about = vectors.pop("session")
    for group in sorted(vectors):
        check = CHECKS.get(group)
        if group == "frames":
            check = lambda case: check_frames(case, about)  # noqa: E731 - bound to this file's session
        if group == "pieces":
            check = lambda case: check_piece(case, about)  # noqa: E731 - the same
        if check is None:
            print(group, "UNKNOWN")
            failed += 1
            continue
        wrong = [number for number, case in enumerate(vectors[group]) if not check(case)]
        print(group, len(vectors[group]), "ok" if not wrong else f"WRONG {wrong}")
        failed += len(wrong)
    return 1 if failed else 0


sys.exit(main())
