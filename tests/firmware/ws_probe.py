# Run by MicroPython: connect, read until it ends, say how it ended and what memory that took.
# ruff: noqa: T201, TRY301
import asyncio
import gc
import sys

from plantnode import bounded, clock, ws


async def probe(url, idle_ms):
    before = gc.mem_alloc()
    began = clock.real_ms()
    most = got = 0
    try:
        socket = await ws.connect(ws.Address(url), "/x")
        while True:
            opcode, data = await socket.receive(idle_ms)
            got += 1
            gc.collect()
            most = max(most, gc.mem_alloc() - before)
            print("message", opcode, len(data))
            if got > 50:
                raise bounded.ClosedError("enough")
            if data == b"echo":
                await socket.send(ws.BINARY, bytes(300))
    except bounded.ClosedError as error:
        print("closed:", error)
    gc.collect()
    print("ms", clock.real_ms() - began, "bytes", most, "left", gc.mem_alloc() - before)


asyncio.run(probe(sys.argv[1], int(sys.argv[2])))
