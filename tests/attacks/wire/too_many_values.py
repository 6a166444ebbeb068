"""One call gives five values, then none, then an end without a beginning."""

TRIES = "counts of VALUE and ENDED frames that do not fit the call"
SUCCESS = "points"
CELL = r"""
import itertools

turn = itertools.count()


def odd():
    kind = next(turn) % 4
    for sock in wire_sockets():
        for request in range(1, 12):
            if kind == 0:
                for _ in range(5):
                    sock.send(wire_frame(13, request, wire_pack(0.0)))
            if kind == 1:
                sock.send(wire_frame(15, request, wire_pack(0.0)))
            if kind == 2:
                sock.send(wire_frame(13, request, b""))
                sock.send(wire_frame(15, request, wire_pack(None)))
            if kind == 3:
                sock.send(wire_frame(14, request, wire_pack(["graded", "passed", [], 0.0])))
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    odd()\n    return 0.0"}
