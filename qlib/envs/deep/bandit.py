"""A bandit with two peaks: where gradient ascent on E[Q] stops depends on the entropy bonus."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from qlib.envs.deep.batch import BatchEnv, Floats, Lanes
from qlib.envs.deep.draw import BALL, GREY, PADDLE, Canvas
from qlib.envs.deep.single import SingleEnv

Values = TypeVar("Values")

LOW_PEAK, HIGH_PEAK, WIDTH = -0.5, 0.6, 0.2


def bimodal_q(action: Values) -> Values:
    """Q(a) = 0.6 exp(-((a + 0.5) / 0.2)²) + exp(-((a - 0.6) / 0.2)²), entry by entry.

    Works for NumPy arrays and torch tensors alike and is differentiable there, which makes it an
    exact critic.

    Args:
        action: any shape.
    """
    e = np.e
    return 0.6 * e ** (-(((action - LOW_PEAK) / WIDTH) ** 2)) + e ** (
        -(((action - HIGH_PEAK) / WIDTH) ** 2)
    )


class BatchBimodalBandit(BatchEnv):
    """`BimodalBandit` in N lanes; see there.

    Args:
        n_lanes: N.
    """

    def __init__(self, n_lanes: int) -> None:
        space = Box(-1.0, 1.0, (1,), np.float32)
        super().__init__(n_lanes, Box(0.0, 1.0, (1,), np.float32), space)
        self.x = np.full(self.n_lanes, np.nan)  # the last action

    def _start(self, lanes: Lanes) -> None:
        self.x[lanes] = np.nan

    def _move(self, actions: NDArray[Any]) -> tuple[Floats, NDArray[np.bool_]]:
        self.x = np.clip(actions[:, 0].astype(np.float64), -1.0, 1.0)
        return bimodal_q(self.x), np.ones(self.n_lanes, dtype=bool)

    def _observe(self) -> NDArray[np.float32]:
        return np.ones((self.n_lanes, 1), dtype=np.float32)

    def _draw(self, lane: int) -> NDArray[np.uint8]:
        canvas = Canvas(240, 120)
        a = np.linspace(-1.0, 1.0, 81)
        points = np.column_stack([20 + 100 * (a + 1), 105 - 90 * bimodal_q(a)])
        canvas.rod((20, 105), (220, 105), 1.5, GREY)
        for start, end in pairwise(points):
            canvas.rod(start, end, 2.5, PADDLE)
        if np.isfinite(self.x[lane]):
            action = self.x[lane]
            canvas.disc((20 + 100 * (action + 1), 105 - 90 * bimodal_q(action)), 6, BALL)
        return canvas.pixels()


class BimodalBandit(SingleEnv):
    """One push, one reward, two peaks: the lower one lies nearer to where a policy starts.

    Q(a) = 0.6 exp(-((a + 0.5) / 0.2)²) + exp(-((a - 0.6) / 0.2)²). An actor that starts near -0.4
    and maximises E[Q] alone climbs the lower peak and stays; an entropy bonus keeps it wide enough
    to feel the higher one.

    **Observation space** Box(0, 1, (1,), float32): always 1.
    **Action space** Box(-1, 1, (1,), float32), clipped.
    **Reward** Q(a), as above.
    **Episode end** `terminated` after the one step.

    Args:
        render_mode: "rgb_array" or None.

    Attributes:
        q: the exact Q as a function of actions, `bimodal_q`.
    """

    q = staticmethod(bimodal_q)

    def __init__(self, render_mode: str | None = None) -> None:
        super().__init__(BatchBimodalBandit(1), render_mode)
