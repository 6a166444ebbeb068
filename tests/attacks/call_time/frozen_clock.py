"""The clock stands still: deadlines measured in the notebook's process never come."""

TRIES = "time.time, monotonic, perf_counter and signal timers replaced, then a long call"
SUCCESS = "stall"
BASE = "reference"
LOSES = ("discounted_returns",)
CELL = r"""
import signal
import time

sleep, real = time.sleep, time.time
time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
signal.setitimer = signal.alarm = lambda *a: 0
for number in (signal.SIGALRM, signal.SIGINT, signal.SIGXCPU):
    signal.signal(number, signal.SIG_IGN)
"""
ANSWERS = {
    "discounted_returns": "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    end = real() + 55\n"
    "    while real() < end:\n"
    "        sleep(1)"
}
