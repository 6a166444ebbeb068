"""Two hundred thousand buffers, one buffer named by each of a hundred thousand arrays."""

TRIES = "a small message that unfolds to a large one"
SUCCESS = "stall"
BASE = "reference"
LOSES = ("discounted_returns",)
ANSWERS = {
    "discounted_returns": "import struct\n\n\n"
    "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    import msgpack\n"
    "    node = {'$': 'array', 'd': '<f8', 's': [1000], 'b': 0}\n"
    "    body = msgpack.packb([node] * 15000)\n"
    "    one = struct.pack('<IIQ', len(body), 1, 8000) + body + bytes(8000)\n"
    "    none = struct.pack('<II', 1, 2**32 - 1) + bytes(1000000)\n"
    "    for sock in wire_sockets():\n"
    "        for request in range(8):\n"
    "            sock.send(wire_frame(13, request, one))\n"
    "            sock.send(wire_frame(13, request, none))\n"
    "    return None"
}
