"""Errors of a call carry megabytes, control characters and a kind that does not exist."""

TRIES = "the report of a failed call: its kind, sentence, lines and CPU seconds"
SUCCESS = "stall"
BASE = "reference"
LOSES = ("discounted_returns",)
CELL = r"""
import itertools

turn = itertools.count()
errors = [
    ["graded", "passed", [], 0.0],
    ["raised", "x" * 900000, ["y" * 1000] * 900, float("nan")],
    ["todo", "\x1b[2J\x1b]0;title\x07[bold]rich[/bold] [/] \u202e", ["\x00\ud7ff"], float("-inf")],
    [5, None, {"a": 1}, "cpu"],
    ["raised", "m", [5, None, [1]], -1e300],
    "raised",
    {"kind": "raised"},
]
"""
ANSWERS = {
    "discounted_returns": "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    value = errors[next(turn) % len(errors)]\n"
    "    for sock in wire_sockets():\n"
    "        for request in range(8):\n"
    "            sock.send(wire_frame(14, request, wire_pack(value)))\n"
    "    raise ValueError"
}
