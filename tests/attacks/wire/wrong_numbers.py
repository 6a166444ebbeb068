"""Replies to calls come twice, out of order, for other requests and for requests to come."""

TRIES = "request numbers shifted, doubled and reversed from inside the graded function"
SUCCESS = "points"
ANSWERS = {
    "*": "def @NAME@(r=0.0, *args, **kwargs):\n"
    "    for sock in wire_sockets():\n"
    "        for request in [5, 4, 3, 2, 1, 0, 1, 1, 2**32 - 1, *range(6, 40)]:\n"
    "            for value in (0.0, 1.0, True, [2.75, 3.5, 3.0]):\n"
    "                sock.send(wire_frame(13, request, wire_pack(value)))\n"
    "            sock.send(wire_frame(15, request, wire_pack(0.0)))\n"
    "    return 0.0"
}
