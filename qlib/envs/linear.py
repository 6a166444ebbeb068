"""Worlds for linear function approximation: V(s) = phi(s) . w, and how its updates can fail."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qlib.mdp import TabularMDP


@dataclass(frozen=True, eq=False)
class LinearWorld:
    """An MDP with features, policies and weights to start from.

    Attributes:
        mdp: the world.
        phi: features, (S, d); rows of terminal states are 0, so their value is 0 for every w.
        pi: policy whose value is wanted, (S, A).
        b: policy that behaves and so collects the data, (S, A).
        d: how often updates visit each state, (S,), a distribution; 0 for terminal states.
        w0: weights to start from, (d,).
    """

    mdp: TabularMDP
    phi: NDArray[np.float64]
    pi: NDArray[np.float64]
    b: NDArray[np.float64]
    d: NDArray[np.float64]
    w0: NDArray[np.float64]


def w2w(eps: float = 0.0, gamma: float = 0.9) -> LinearWorld:
    """Two states worth w and 2w: least squares on bootstrapped targets can diverge.

        (w) ----> (2w) --eps--> (end)          states 0, 1, end = 2
                  |  ^
                  +--+ 1 - eps

    All rewards are 0, so the truth w = 0 is representable. One round of fitting w to the targets
    gamma V(s') with both states weighted alike multiplies w by gamma (6 - 4 eps) / 5, which is
    above 1 for gamma > 5 / (6 - 4 eps).

    Tsitsiklis & Van Roy 1996; Sutton & Barto 2018, example 11.1.

    Args:
        eps: probability that an episode ends in the second state, in [0, 1].
        gamma: discount.
    """
    if not 0 <= eps <= 1:
        raise ValueError(f"eps = {eps} is no probability.")
    P = np.array([[0, 1, 0], [0, 1 - eps, eps], [0, 0, 1]], dtype=np.float64)[:, None]
    start = np.array([1.0, 0.0, 0.0])
    mdp = TabularMDP(P, np.zeros((3, 1)), gamma, np.array([False, False, True]), start)
    phi = np.array([[1.0], [2.0], [0.0]])
    only = np.ones((3, 1))
    return LinearWorld(mdp, phi, only, only, np.array([0.5, 0.5, 0.0]), np.ones(1))


def baird(gamma: float = 0.99) -> LinearWorld:
    """Baird's star: seven states, eight weights, zero rewards, and semi-gradients diverge.

        states 0..5 (upper): 2 w_i + w_7          state 6 (lower): w_6 + 2 w_7

    Action 0 ("dashed") leads to one of the upper states, each with probability 1/6; action 1
    ("solid") leads to the lower state. The behaviour policy takes dashed with probability 6/7, so
    it visits all states alike (`d` = 1/7); the target policy always takes solid. Every value
    function is representable, among them the true one, 0. Off-policy expected TD(0) diverges all
    the same; a full regression in each iteration converges, and so does the residual gradient.

    Baird 1995; Sutton & Barto 2018, figure 11.1 (weights start at 1, the seventh at 10).

    Args:
        gamma: discount.
    """
    P = np.zeros((7, 2, 7))
    P[:, 0, :6] = 1 / 6
    P[:, 1, 6] = 1
    mdp = TabularMDP(P, np.zeros((7, 2)), gamma)
    phi = np.hstack([2 * np.eye(7), np.ones((7, 1))])
    phi[6, 6], phi[6, 7] = 1, 2
    pi, b = np.tile([0.0, 1.0], (7, 1)), np.tile([6 / 7, 1 / 7], (7, 1))
    w0 = np.array([1.0, 1, 1, 1, 1, 1, 10, 1])
    return LinearWorld(mdp, phi, pi, b, np.full(7, 1 / 7), w0)


def a_split() -> LinearWorld:
    """One random split: the naive residual gradient finds the wrong values.

        A --1/2--> B --r=1--> (end)          A = 0, B = 1, C = 2, end = 3
        A --1/2--> C --r=0--> (end)

    One action, gamma = 1, a weight for every state, episodes start in A (so half of the visits are
    to A and a quarter each to B and C). True values 1/2, 1, 0. Minimising the mean squared TD
    error instead gives 1/2, 3/4, 1/4: it smooths what no prediction could have known.

    Sutton & Barto 2018, example 11.2.
    """
    P = np.zeros((4, 1, 4))
    P[0, 0, 1:3] = 0.5
    P[1:, 0, 3] = 1
    R = np.array([[0.0], [1.0], [0.0], [0.0]])
    mdp = TabularMDP(P, R, 1.0, np.arange(4) == 3, np.array([1.0, 0, 0, 0]))
    only = np.ones((4, 1))
    d = np.array([0.5, 0.25, 0.25, 0.0])
    return LinearWorld(mdp, np.eye(4)[:, :3], only, only, d, np.zeros(3))
