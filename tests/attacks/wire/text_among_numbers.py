"""A long text among fifty thousand numbers: as a NumPy array it would take many gigabytes."""

TRIES = "plain data, honestly sent, whose conversion on the trusted side needs 10 GB and more"
SUCCESS = "stall"
BASE = "reference"
CONTROL = "it would only fill this machine's memory"
LOSES = ("discounted_returns", "state_dist", "J_exact")
ANSWERS = {
    "discounted_returns": "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    return [0.0] * 50000 + ['a' * 50000]",
    "state_dist": "def state_dist(mdp, pi, t):\n    return [b'b' * 100000] + [0.0] * 90000",
    "J_exact": "def J_exact(mdp, pi):\n    return ['c' * 9000] * 100 + [0.0] * 20000",
}
