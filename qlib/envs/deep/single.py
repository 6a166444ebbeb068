"""One lane of a `BatchEnv` as an ordinary gymnasium environment."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from qlib.envs.deep.batch import BatchEnv


class SingleEnv(gymnasium.Env):
    """The one lane of `batch` with gymnasium's interface; base of the classes of this package.

    Args:
        batch: an environment with one lane.
        render_mode: "rgb_array", or None for an environment that is not drawn.

    Raises:
        ValueError: for another render mode or more lanes.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012 (gymnasium's form)

    def __init__(self, batch: BatchEnv, render_mode: str | None = None) -> None:
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(f"render_mode is 'rgb_array' or None, not {render_mode!r}.")
        if batch.n_lanes != 1:
            raise ValueError(f"a single environment has one lane, not {batch.n_lanes}.")
        self.batch = batch
        self.render_mode = render_mode
        self.observation_space, self.action_space = batch.observation_space, batch.action_space

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Start an episode: `(obs, info)`."""
        super().reset(seed=seed)
        self.batch.rngs = [self.np_random]
        return self.batch.reset()[0], {}

    def step(self, action: Any) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        """Take one step: `(next_obs, reward, terminated, truncated, info)`."""
        if not self.batch.rngs or self.batch.ended[0]:
            raise gymnasium.error.ResetNeeded("the episode is over (or none began): call reset().")
        action = np.asarray(action)
        if action.shape != self.action_space.shape:
            raise ValueError(
                f"an action of {self.action_space} has shape {self.action_space.shape}, not "
                f"{action.shape}: {action.tolist()}."
            )
        obs, reward, terminated, truncated = self.batch.step(action[None])
        return obs[0], float(reward[0]), bool(terminated[0]), bool(truncated[0]), {}

    def render(self) -> NDArray[np.uint8] | None:
        """The current state as a picture, (height, width, 3) uint8; None without a render mode."""
        return None if self.render_mode is None else self.batch.render(0)
