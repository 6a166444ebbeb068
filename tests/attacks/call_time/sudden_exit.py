"""One graded function ends the process; the others are right."""

TRIES = "os._exit(0) inside a hidden call"
SUCCESS = "stall"
BASE = "reference"
LOSES = ("discounted_returns",)
ANSWERS = {
    "discounted_returns": "import os\n\n\n"
    "def discounted_returns(r, gamma, last_value=0.0):\n    os._exit(0)"
}
