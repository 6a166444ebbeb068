"""Memory is claimed and touched until it is refused, at most 3 GiB."""

TRIES = "page after page, in this process and in a child"
SUCCESS = "stall"
CONTROL = "it would only fill this machine's memory: plain nbgrader has no limit on it"
CELL = r"""
import os

kept = []
pid = os.fork()
for _ in range(@MEMORY@ // 2 // 2**24):
    kept.append(bytearray(b"x" * 2**24))
if pid == 0:
    os._exit(0)
os.waitpid(pid, 0)
"""
