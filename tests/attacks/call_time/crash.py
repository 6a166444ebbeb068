"""One graded function reads a null pointer; the others are right."""

TRIES = "a segmentation fault inside a hidden call"
SUCCESS = "stall"
BASE = "reference"
LOSES = ("discounted_returns",)
ANSWERS = {
    "discounted_returns": "import ctypes\n\n\n"
    "def discounted_returns(r, gamma, last_value=0.0):\n    ctypes.string_at(0)"
}
