"""A power of big integers: one C call that looks at no signal."""

TRIES = "3 ** (10 ** 8) and the like"
SUCCESS = "stall"
CELL = r"""
import time

end, n = time.time() + 40, 20_000_000
while time.time() < end:
    3**n
    n += n // 5
"""
