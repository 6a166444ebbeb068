"""A loss of just 0.1, in a state from which the bad action is one step away."""

from qlib.mdp import TabularMDP


def hunt_start():
    P = [[[1, 0, 0]] * 2, [[0, 0, 1]] * 2, [[0, 0, 1]] * 2]  # 0 stays, 1 leads to 2, 2 stays
    R = [[5, 0], [0, 0], [0.1, 0]]
    return TabularMDP(P, R, 0.0, rho0=[1, 0, 0]), [[1, 0], [1, 0], [0, 1]]
