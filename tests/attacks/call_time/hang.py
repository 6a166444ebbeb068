"""One graded function never returns; the others are right."""

TRIES = "an endless loop inside a hidden call; it may cost this exercise only"
SUCCESS = "stall"
BASE = "reference"
LOSES = ("discounted_returns",)
ANSWERS = {
    "discounted_returns": "import time\n\n\n"
    "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    end = time.time() + 55\n"
    "    while time.time() < end:\n"
    "        try:\n"
    "            time.sleep(1)\n"
    "        except BaseException:\n"
    "            pass"
}
