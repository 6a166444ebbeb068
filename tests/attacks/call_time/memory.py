"""One graded function claims memory until it is refused; the others are right."""

TRIES = "3 GiB inside a hidden call"
SUCCESS = "stall"
BASE = "reference"
CONTROL = "it would only fill this machine's memory: plain nbgrader has no limit on it"
LOSES = ("discounted_returns",)
ANSWERS = {
    "discounted_returns": "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    return [bytearray(b'x' * 2**24) for _ in range(@MEMORY@ // 2**24)]"
}
