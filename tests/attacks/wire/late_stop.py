"""All is well until the second call of a check, when every process of the submission stops."""

TRIES = "snapshot, session and main process are stopped from inside a call"
SUCCESS = "stall"
CELL = r"""
import os
import signal

n_calls = [0]


def stop():
    n_calls[0] += 1
    if n_calls[0] == 2:
        for name in os.listdir("/proc"):
            if name.isdigit() and name != "1" and int(name) != os.getpid():
                try:
                    with open(f"/proc/{name}/cmdline", "rb") as file:
                        mine = b"grader.student" in file.read()
                    if mine:
                        os.kill(int(name), signal.SIGSTOP)
                except OSError:
                    pass
"""
CONTROL = "plain nbgrader has no processes of this kind"
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    stop()\n    return 0.0"}
