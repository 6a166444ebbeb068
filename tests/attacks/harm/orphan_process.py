"""A daemon with a session of its own goes on after the submission is graded."""

TRIES = "double fork, setsid, closed descriptors, ignored signals"
SUCCESS = "harm"
CELL = r"""
import os
import signal
import subprocess
import sys

subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(60) # @RUN@"], start_new_session=True
)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        os.closerange(0, 256)
        os.execv(sys.executable, ["python", "-c", "import time; time.sleep(60) # @RUN@"])
    os._exit(0)
"""
