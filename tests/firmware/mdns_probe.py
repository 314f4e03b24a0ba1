# Run by MicroPython: damaged answers, the good one in the file named first.
# ruff: noqa: T201, PTH123
import random
import sys

from plantnode import finder, mdns

with open(sys.argv[1], "rb") as file:
    good = file.read()
print(len(finder.candidates(mdns.records(good))), "candidates")
random.seed(7)
understood = 0
for _ in range(20000):
    packet = bytearray(good)
    for _ in range(random.randrange(1, 6)):
        packet[random.randrange(len(packet))] = random.randrange(256)
    try:
        finder.candidates(mdns.records(bytes(packet[: random.randrange(1, 400)])))
        understood += 1
    except mdns.BadPacketError:
        pass
print("understood", understood)
