"""The validator says True to everything; the others return their argument."""

TRIES = "identity functions and a constant True"
SUCCESS = "points"
ANSWERS = {
    "*": "def @NAME@(r=0.0, *args, **kwargs):\n    return r",
    "is_valid_mdp": "def is_valid_mdp(P, R, terminal):\n    return True",
}
