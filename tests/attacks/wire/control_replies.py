"""Frames that only the trusted side may send, and reports of the supervisor, are forged."""

TRIES = "START, READY, KILL, ENDED with a friendly report, results with points in them"
SUCCESS = "points"
CELL = r"""
report = {"problem": "", "status": 0, "cpu": -1e9, "killed": False, "score": 50, "points": 50}
result = {"status": "graded", "score": 50.0, "exercises": [{"points": 50.0, "passed": True}]}
for sock in wire_sockets():
    for kind in range(0, 32):
        for value in (report, result, 50.0, ["passed", "passed", [], -5.0]):
            try:
                sock.setblocking(False)
                sock.send(wire_frame(kind, kind, wire_pack(value)))
            except OSError:
                pass
    sock.setblocking(True)
"""
