"""Top-level await, a coroutine that is never awaited, an event loop left open."""

CELL = r"""
import asyncio


async def fetch(x):
    await asyncio.sleep(0)
    return x


value = await fetch(3)
forgotten = fetch(4)
print(value)
"""
