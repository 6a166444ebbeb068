"""The reply to a call drips byte by byte; the other exercises are right."""

TRIES = "the same during a hidden call, on the socket of the check"
SUCCESS = "stall"
BASE = "reference"
LOSES = ("discounted_returns",)
ANSWERS = {
    "discounted_returns": "import time\n\n\n"
    "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    reply = wire_frame(13, 1, wire_pack([0.0] * 300))\n"
    "    end = time.time() + 55\n"
    "    for byte in reply:\n"
    "        for sock in wire_sockets():\n"
    "            sock.send(bytes([byte]))\n"
    "        time.sleep(0.3)\n"
    "        if time.time() > end:\n"
    "            break"
}
