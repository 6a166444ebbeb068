"""The reply to a cell has wrong types everywhere, and numbers that JSON does not know."""

TRIES = "outputs that are no outputs, NaN and negative CPU times, keys that are lists"
SUCCESS = "stall"
CELL = r"""
import os

bad = [
    {"outputs": 5, "failed": "no", "timed_out": [], "cpu": "x"},
    {"outputs": [5, None, [], {}], "failed": None, "timed_out": None, "cpu": float("nan")},
    {"outputs": [{"output_type": "stream", "name": 5, "text": {"a": [1]}}], "cpu": -1e308},
    {"outputs": [{"output_type": "display_data", "data": [1]}], "cpu": float("inf")},
    {"outputs": [{"output_type": "error", "ename": [1], "traceback": "abc"}], "cpu": 10**300},
    {"outputs": [{"output_type": "wrong", 5: 6}], "failed": False, "timed_out": False, "cpu": 0.0},
    [],
    None,
    {},
]
for sock in wire_sockets():
    for request, value in enumerate(bad * 2):
        sock.sendall(wire_frame(12, request, wire_pack(value)))
os._exit(0)
"""
