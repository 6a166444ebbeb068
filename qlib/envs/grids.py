"""Grid worlds. Actions are up, right, down, left; a move into a wall stays where it is."""

import numpy as np

from qlib.mdp import TabularMDP

ACTIONS = ("up", "right", "down", "left")
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
"""(row, column) steps of `ACTIONS`; rows count downwards."""


def gridworld34(noise: float = 0.2, gamma: float = 0.9, living: float = 0.0) -> TabularMDP:
    """The 3 x 4 grid with one wall, two exits and slippery ground.

        .  .  .  +1        0  1  2  3
        .  #  .  -1        4  #  5  6        11: the end
        S  .  .  .         7  8  9 10

    The agent starts at S and walks where it wants with probability 1 - noise; with noise / 2 each
    it slips to the left or to the right of that direction. In an exit cell every action pays the
    exit's reward and leads to the end, state 11, which is terminal. So an exit is worth +1 or -1
    itself, and value iteration sees its reward in the first sweep.

    Russell & Norvig 2021, figure 17.1, in the form of the Berkeley CS 188 projects (the exit pays
    when it is left; noise 0.2, gamma 0.9, no living reward).

    Args:
        noise: probability of slipping, in [0, 1].
        gamma: discount.
        living: reward of each step taken outside the exits.
    """
    if not 0 <= noise <= 1:
        raise ValueError(f"noise = {noise} is no probability.")
    cells = [(i, j) for i in range(3) for j in range(4) if (i, j) != (1, 1)]
    index = {cell: s for s, cell in enumerate(cells)}
    exits = {index[0, 3]: 1.0, index[1, 3]: -1.0}
    end = len(cells)
    P = np.zeros((end + 1, 4, end + 1))
    R = np.full((end + 1, 4), float(living))
    for s, (i, j) in enumerate(cells):
        for a in range(4):
            for turn, p in ((0, 1 - noise), (-1, noise / 2), (1, noise / 2)):
                di, dj = MOVES[(a + turn) % 4]
                P[s, a, index.get((i + di, j + dj), s)] += p
    for s, reward in exits.items():
        P[s], R[s] = 0, reward
        P[s, :, end] = 1
    P[end, :, end], R[end] = 1, 0
    return TabularMDP(P, R, gamma, np.arange(end + 1) == end, np.eye(end + 1)[index[2, 0]])


def cliff(gamma: float = 0.99) -> TabularMDP:
    """Walk along the cliff: the short way is dangerous for whoever explores.

        0 . . . . . . . . . . 11
        . . . . . . . . . . . .
        . . . . . . . . . . . .       state = 12 * row + column
        S C C C C C C C C C C G       S = 36, G = 47

    Every step costs 1. A step into the cliff C costs 100 and puts the agent back to S; the episode
    goes on. The step into G ends the episode and costs 1 as well. Moves are deterministic. Nobody
    ever stands on the cliff cells 37..46; they behave like ordinary cells.

    Sutton & Barto 2018, example 6.6, which has gamma = 1 (allowed here, but most solvers need
    gamma < 1). The same numbers as gymnasium's `CliffWalking-v1`.

    Args:
        gamma: discount.
    """
    rows, columns, start, goal = 4, 12, 36, 47
    n = rows * columns
    P, R = np.zeros((n, 4, n)), np.full((n, 4), -1.0)
    for s in range(n):
        for a, (di, dj) in enumerate(MOVES):
            i = min(max(s // columns + di, 0), rows - 1)
            j = min(max(s % columns + dj, 0), columns - 1)
            s_next = i * columns + j
            if start < s_next < goal:
                s_next, R[s, a] = start, -100.0
            P[s, a, s_next] = 1
    P[goal], R[goal] = 0, 0
    P[goal, :, goal] = 1
    return TabularMDP(P, R, gamma, np.arange(n) == goal, np.eye(n)[start])
