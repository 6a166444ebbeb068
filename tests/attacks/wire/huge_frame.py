"""A head that announces four gigabytes, and then silence."""

TRIES = "a length that nobody should allocate or wait for"
SUCCESS = "stall"
CELL = r"""
import struct
import time

for sock in wire_sockets():
    sock.sendall(struct.pack("<IIB", 2**32 - 1, 1, 12))
time.sleep(55)
"""
