"""Replies are written before anything was asked, with every likely request number."""

TRIES = "thousands of forged VALUE, ENDED and OUTPUTS frames on each inherited socket"
SUCCESS = "points"
CELL = r"""
flood = b""
for request in range(3000):
    flood += wire_frame(13, request, wire_pack(0.0)) + wire_frame(15, request, wire_pack(0.0))
for sock in wire_sockets():
    try:
        sock.setblocking(False)
        sock.send(flood)
    except OSError:
        pass
    finally:
        sock.setblocking(True)
"""
