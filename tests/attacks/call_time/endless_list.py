"""The result is a list subclass that says it is short and never ends."""

TRIES = "containers that lie to whoever encodes them: __len__, __iter__, items, shape"
SUCCESS = "stall"
BASE = "reference"
CONTROL = "a loop that fills the memory of whatever iterates over it"
LOSES = ("discounted_returns",)
CELL = r"""
class Endless(list):
    def __len__(self):
        return 3

    def __iter__(self):
        while True:
            yield 0.0
"""
ANSWERS = {
    "discounted_returns": "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    return Endless([0.0, 0.0, 0.0])"
}
