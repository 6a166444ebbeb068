"""The first call starts a thread that changes later answers, results and files for others."""

TRIES = "a thread started inside a hidden call works on during the following ones"
SUCCESS = "points"
CELL = r"""
import gc
import threading
import time

import numpy as np

started = []


def work():
    end = time.time() + 20
    while time.time() < end:
        for thing in gc.get_objects():
            if type(thing).__name__ in ("CheckResult", "Report", "Check"):
                for key in ("points", "status"):
                    try:
                        value = 50.0 if key == "points" else "passed"
                        object.__setattr__(thing, key, value)
                    except Exception:
                        pass
        time.sleep(0.05)


def start():
    if not started:
        started.append(threading.Thread(target=work, daemon=True))
        started[0].start()
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    start()\n    return 0.0"}
