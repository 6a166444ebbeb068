"""Replies to many calls at once: well formed, with constants, and too many or too few of them."""

TRIES = "whole batches of verdicts and numbers are written before the first call returns"
SUCCESS = "points"
CELL = r"""
import struct


def wire_join(*parts):
    return b"".join(struct.pack("<I", len(part)) + part for part in parts)


def forge_batches():
    ends = (wire_pack([0.0, True, None]), wire_pack([0.0, True, ["raised", "x", []]]))
    for sock in wire_sockets():
        for request in range(1, 30):
            for count in (1, 5, 20, 24, 30, 64):
                for value in (0.0, 1.0, True, False):
                    values = [wire_pack(value)] * count
                    for end in ends:
                        try:
                            sock.send(wire_frame(13, request, wire_join(end, *values)))
                        except OSError:
                            return
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    forge_batches()\n    return True"}
