"""Catch: a ball falls, a paddle waits."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import ArrayLike, NDArray

from qlib.envs.deep.batch import BatchEnv, Floats, Lanes
from qlib.envs.deep.draw import BALL, GRID, PADDLE, Canvas
from qlib.envs.deep.single import SingleEnv


def permutation_of(n: int, given: ArrayLike | None, what: str) -> NDArray[np.intp]:
    """`given` as a permutation of 0..n-1; the identity for None.

    Raises:
        ValueError: if it is none.
    """
    if given is None:
        return np.arange(n)
    order = np.asarray(given)
    if order.shape != (n,) or not np.array_equal(np.sort(order), np.arange(n)):
        raise ValueError(f"{what} must be a permutation of 0..{n - 1}, got {given!r}.")
    return order.astype(np.intp)


class BatchCatch(BatchEnv):
    """`Catch` in N lanes; see there.

    Args:
        n_lanes: N.
        rows: height of the board, at least 2.
        columns: width of the board, at least 2.
        permutation: shown entry i is entry `permutation[i]` of the board; None leaves the order.
        actions: `actions[a]` is what action a means: 0 left, 1 stay, 2 right.
    """

    def __init__(
        self,
        n_lanes: int,
        rows: int = 10,
        columns: int = 5,
        permutation: ArrayLike | None = None,
        actions: ArrayLike | None = None,
    ) -> None:
        if rows < 2 or columns < 2:
            raise ValueError(f"Catch needs at least 2 rows and 2 columns, got {rows} x {columns}.")
        size = rows * columns
        super().__init__(n_lanes, Box(0.0, 1.0, (size,), np.float32), Discrete(3))
        self.rows, self.columns = rows, columns
        place = permutation_of(size, permutation, "permutation")
        self._shown_at = np.argsort(place)  # board entry -> index in the observation
        self._move_of = permutation_of(3, actions, "actions") - 1
        self.x = np.zeros((self.n_lanes, 3), dtype=np.int64)  # ball row, ball column, paddle

    def _start(self, lanes: Lanes) -> None:
        for i in lanes:
            self.x[i] = 0, self.rngs[i].integers(self.columns), self.columns // 2

    def _move(self, actions: NDArray[Any]) -> tuple[Floats, NDArray[np.bool_]]:
        x = self.x
        x[:, 2] = np.clip(x[:, 2] + self._move_of[actions], 0, self.columns - 1)
        x[:, 0] += 1
        landed = x[:, 0] >= self.rows - 1
        return landed * np.where(x[:, 1] == x[:, 2], 1.0, -1.0), landed

    def _observe(self) -> NDArray[np.float32]:
        obs = np.zeros((self.n_lanes, self.rows * self.columns), dtype=np.float32)
        lane = np.arange(self.n_lanes)
        obs[lane, self._shown_at[self.x[:, 0] * self.columns + self.x[:, 1]]] = 1
        obs[lane, self._shown_at[(self.rows - 1) * self.columns + self.x[:, 2]]] = 1
        return obs

    def _draw(self, lane: int) -> NDArray[np.uint8]:
        side = 20
        canvas = Canvas(self.columns * side, self.rows * side)
        for i in range(self.rows):
            for j in range(self.columns):
                canvas.box(((j + 0.5) * side, (i + 0.5) * side), (side - 2, side - 2), GRID)
        row, column, paddle = self.x[lane]
        low = (self.rows - 0.5) * side
        canvas.box(((paddle + 0.5) * side, low + 4), (side - 2, 6), PADDLE)
        canvas.disc(((column + 0.5) * side, (row + 0.5) * side), 0.36 * side, BALL)
        return canvas.pixels()


class Catch(SingleEnv):
    """A ball falls from a random column; the paddle in the last row has to be below it.

    The smallest world in which a deep Q-network has something to see. Every episode has
    `rows - 1` steps (9), the only reward comes with the last one, and an agent that plays well
    always catches: the best return is 1. Acting at random returns about -0.59.

    **Observation space** Box(0, 1, (rows * columns,), float32): the board row by row, 1 where the
    ball is and 1 where the paddle is (one entry when they meet), 0 elsewhere.
    **Action space** Discrete(3): 0 left, 1 stay, 2 right; the paddle stops at the walls.
    **Reward** +1 if the ball lands on the paddle, -1 if not, 0 before.
    **Start** ball in the first row, column uniform; paddle in the middle.
    **Episode end** `terminated` when the ball reaches the last row. Never truncated.

    The two permutations make fresh variants of the same task: a network must learn it again, a
    player who wired the answer in for one board is lost.

    References:
        I. Osband et al. (2020). Behaviour Suite for Reinforcement Learning. ICLR; "catch".

    Args:
        rows: height of the board, at least 2.
        columns: width of the board, at least 2.
        permutation: shown entry i is entry `permutation[i]` of the board; None leaves the order.
        actions: `actions[a]` is what action a means: 0 left, 1 stay, 2 right.
        render_mode: "rgb_array" or None.
    """

    def __init__(
        self,
        rows: int = 10,
        columns: int = 5,
        permutation: ArrayLike | None = None,
        actions: ArrayLike | None = None,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(BatchCatch(1, rows, columns, permutation, actions), render_mode)
