"""A right function that writes 20 MB at each call, to every descriptor it can find."""

TRIES = "output during hidden calls, through print and on raw descriptors"
SUCCESS = "stall"
BASE = "reference"
LOSES = ("fix_1",)
ANSWERS = {
    "fix_1": "import os\nimport sys\n\n\n"
    "def fix_1(r, gamma):\n"
    "    for _ in range(20):\n"
    "        sys.stdout.write('x' * 10**6)\n"
    "        os.write(1, b'x' * 10**6)\n"
    "        os.write(2, b'x' * 10**6)\n"
    "    raise ValueError('y' * 10**7)"
}
