"""Tables as lists, the parts as a list."""

from qlib.mdp import TabularMDP


def hunt_l2():
    mdp = TabularMDP([[[1.0]] * 4], [[1.0, 2.0, 3.0, 4.0]], 0.99)
    return [mdp, [[0, 0, 0, 5]], [[0, 0, 0, 7]]]
