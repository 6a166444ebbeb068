"""The sockets are shut down in one direction, closed, or replaced by pipes."""

TRIES = "a conversation that can be read but not written, then none"
SUCCESS = "stall"
CELL = r"""
import os
import socket

for sock in wire_sockets():
    try:
        sock.shutdown(socket.SHUT_RD)
    except OSError:
        pass
    number = sock.fileno()
    os.dup2(os.open("/dev/zero", os.O_RDWR), number)
"""
