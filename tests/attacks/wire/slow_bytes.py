"""A reply whose bytes drip one by one, each just in time."""

TRIES = "deadlines that start anew with each byte never come"
SUCCESS = "stall"
CELL = r"""
import signal
import time

signal.setitimer(signal.ITIMER_REAL, 0)
reply = wire_frame(12, 1, wire_pack({"outputs": [], "failed": False, "text": "x" * 1000}))
end = time.time() + 55
for byte in reply:
    for sock in wire_sockets():
        try:
            sock.send(bytes([byte]))
        except OSError:
            pass
    time.sleep(0.3)
    if time.time() > end:
        break
"""
