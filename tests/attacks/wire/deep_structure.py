"""A reply nested a hundred thousand levels deep, and one of a million empty lists."""

TRIES = "the decoder's stack and its counting"
SUCCESS = "stall"
BASE = "reference"
LOSES = ("discounted_returns", "state_dist")
ANSWERS = {
    "discounted_returns": "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    deep = wire_raw(b'\\x91' * 100000 + b'\\xc0')\n"
    "    for sock in wire_sockets():\n"
    "        for request in range(8):\n"
    "            sock.send(wire_frame(13, request, deep))\n"
    "    return None",
    "state_dist": "def state_dist(mdp, pi, t):\n"
    "    wide = wire_raw(b'\\xdd\\x00\\x0f\\x42\\x40' + b'\\x90' * 1000000)\n"
    "    for sock in wire_sockets():\n"
    "        for request in range(8):\n"
    "            sock.send(wire_frame(13, request, wide))\n"
    "    return None",
}
