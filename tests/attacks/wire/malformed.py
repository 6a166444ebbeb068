"""Random bytes, cut frames and garbage instead of replies."""

TRIES = "bytes that are no frames and frames that are no messages"
SUCCESS = "stall"
CELL = r"""
import os

for sock in wire_sockets():
    for junk in (
        b"\xff" * 9,
        b"GET / HTTP/1.1\r\n\r\n",
        wire_frame(12, 1, b""),
        wire_frame(12, 1, b"\xc1" * 100),
        wire_frame(255, 2**32 - 1, os.urandom(1000)),
        wire_frame(12, 1, wire_raw(b"\xdd\xff\xff\xff\xff")),
        wire_frame(12, 1, wire_raw(b"\xdb\xff\xff\xff\xffabc")),
        wire_frame(12, 1, b"\xff\xff\xff\xff\xff\xff\xff\xff"),
        b"\x05\x00",
    ):
        try:
            sock.setblocking(False)
            sock.send(junk)
        except OSError:
            pass
    sock.setblocking(True)
"""
