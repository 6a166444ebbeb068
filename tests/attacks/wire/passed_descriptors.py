"""Open files are passed along with the replies, two hundred at a time."""

TRIES = "SCM_RIGHTS messages that fill the descriptor table of the other side"
SUCCESS = "stall"
CELL = r"""
import os
import socket

nulls = [os.open("/dev/null", os.O_RDONLY) for _ in range(100)]
for sock in wire_sockets():
    for request in range(300):
        try:
            sock.setblocking(False)
            socket.send_fds(sock, [wire_frame(12, request, b"")], nulls)
        except OSError:
            pass
    sock.setblocking(True)
"""
