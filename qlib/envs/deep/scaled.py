"""CartPole as a network likes to see it: every entry of an observation about as large as 1."""

from __future__ import annotations

import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from qlib.envs.deep.batch import BatchEnv
from qlib.envs.deep.classic import BatchCartPole
from qlib.envs.deep.single import SingleEnv

SCALE = np.array([1.0, 1.0, 5.0, 1.0], dtype=np.float32)
"""Factors of position, velocity, angle and angular velocity."""

FASTEST = 50.0
"""More than either velocity reaches before the episode is over."""


class BatchScaledCartPole(BatchCartPole):
    """CartPole-v1 in N lanes with the angle in fifths of a radian.

    The same world with the same numbers for the same seeds; only the angle, which never leaves
    ±0.21 rad, is multiplied by 5. A network with inputs of equal size learns it in fewer steps.

    Args:
        n_lanes: N.
        time_limit: steps after which an episode is truncated.
    """

    def __init__(self, n_lanes: int, time_limit: int | None = 500) -> None:
        super().__init__(n_lanes, time_limit)
        high = self.observation_space.high
        high = np.where(np.isfinite(high), high * SCALE, FASTEST).astype(np.float32)
        self.observation_space = Box(-high, high, dtype=np.float32)

    def _observe(self) -> NDArray[np.float32]:
        return super()._observe() * SCALE


class ScaledCartPole(SingleEnv):
    """`BatchScaledCartPole` with one lane, as a gymnasium environment.

    Args:
        time_limit: steps after which an episode is truncated.
        render_mode: "rgb_array" or None.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 50}  # noqa: RUF012 (gymnasium's form)

    def __init__(self, time_limit: int | None = 500, render_mode: str | None = None) -> None:
        batch: BatchEnv = BatchScaledCartPole(1, time_limit)
        super().__init__(batch, render_mode)
