"""A child competes with its parent for requests; answers come from either, mixed."""

TRIES = "two processes on one socket, their bytes interleaved"
SUCCESS = "points"
CELL = r"""
import os
import time

if os.fork() == 0:
    end = time.time() + 30
    for sock in wire_sockets():
        sock.setblocking(False)
    while time.time() < end:
        for sock in wire_sockets():
            try:
                sock.recv(7)
                sock.send(wire_frame(12, 3, wire_pack({"outputs": [], "failed": False})))
            except OSError:
                pass
        time.sleep(0.01)
    os._exit(0)
time.sleep(0.3)
"""
