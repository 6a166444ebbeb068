"""Two worlds on a line: a corridor for discrete actions, a point mass for continuous ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import ArrayLike, NDArray

from qlib.envs.deep.batch import BatchEnv, Floats, Lanes
from qlib.envs.deep.catch import permutation_of
from qlib.envs.deep.draw import BALL, GOAL, GREY, Canvas
from qlib.envs.deep.single import SingleEnv


class BatchCorridor(BatchEnv):
    """`Corridor` in N lanes; see there.

    Args:
        n_lanes: N.
        noise: standard deviation of what is added to each step.
        step: length of a step, in (0, 1).
        time_limit: steps after which an episode is truncated.
        actions: `actions[a]` is what action a means: 0 left, 1 right.
    """

    def __init__(
        self,
        n_lanes: int,
        noise: float = 0.02,
        step: float = 0.1,
        time_limit: int = 50,
        actions: ArrayLike | None = None,
    ) -> None:
        if not noise >= 0 or not 0 < step < 1:
            raise ValueError(f"noise = {noise}, step = {step}: needs noise >= 0 and 0 < step < 1.")
        super().__init__(n_lanes, Box(0.0, 1.0, (1,), np.float32), Discrete(2), time_limit)
        self.noise, self.step_length = float(noise), float(step)
        self._sign_of = 2.0 * permutation_of(2, actions, "actions") - 1.0
        self.x = np.zeros(self.n_lanes)

    def _start(self, lanes: Lanes) -> None:
        for i in lanes:
            self.x[i] = self.rngs[i].uniform(0.0, 0.5)

    def _move(self, actions: NDArray[Any]) -> tuple[Floats, NDArray[np.bool_]]:
        x = self.x + self.step_length * self._sign_of[actions]
        if self.noise:
            over = self.ended
            drawn = [
                0.0 if done else rng.standard_normal()
                for rng, done in zip(self.rngs, over, strict=True)
            ]
            x += self.noise * np.array(drawn)
        self.x = np.clip(x, 0.0, 1.0)
        terminated = self.x >= 1.0
        return terminated.astype(np.float64), terminated

    def _observe(self) -> NDArray[np.float32]:
        return self.x.astype(np.float32)[:, None]

    def _draw(self, lane: int) -> NDArray[np.uint8]:
        canvas = Canvas(240, 48)
        canvas.rod((12, 24), (228, 24), 4, GREY)
        canvas.box((229, 24), (6, 32), GOAL)
        canvas.disc((12 + 216 * self.x[lane], 24), 9, BALL)
        return canvas.pixels()


class Corridor(SingleEnv):
    """Walk right along a corridor that pushes you about; the exit pays 1.

    One number is all the agent sees, so its Q-function can be drawn as two curves: they rise
    towards the exit by the discount alone.

    **Observation space** Box(0, 1, (1,), float32): the position x.
    **Action space** Discrete(2): 0 left, 1 right; x' = clip(x ± step + noise · N(0, 1), 0, 1).
    **Reward** 1 on reaching x = 1, 0 before.
    **Start** x uniform in [0, 0.5].
    **Episode end** `terminated` at x = 1; `truncated` after `time_limit` steps.

    Args:
        noise: standard deviation of what is added to each step.
        step: length of a step, in (0, 1).
        time_limit: steps after which an episode is truncated.
        actions: `actions[a]` is what action a means: 0 left, 1 right.
        render_mode: "rgb_array" or None.
    """

    def __init__(
        self,
        noise: float = 0.02,
        step: float = 0.1,
        time_limit: int = 50,
        actions: ArrayLike | None = None,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(BatchCorridor(1, noise, step, time_limit, actions), render_mode)


class BatchPointMass1D(BatchEnv):
    """`PointMass1D` in N lanes; see there.

    Args:
        n_lanes: N.
        goal: where the reward is largest, in [-1, 1].
        time_limit: steps after which an episode is truncated.
    """

    def __init__(self, n_lanes: int, goal: float = 0.3, time_limit: int = 25) -> None:
        if not -1 <= goal <= 1:
            raise ValueError(f"goal = {goal}: the mass lives in [-1, 1].")
        box = Box(-1.0, 1.0, (1,), np.float32)
        super().__init__(n_lanes, box, Box(-1.0, 1.0, (1,), np.float32), time_limit)
        self.goal = float(goal)
        self.x = np.zeros(self.n_lanes)

    def _start(self, lanes: Lanes) -> None:
        for i in lanes:
            self.x[i] = self.rngs[i].uniform(-1.0, 1.0)

    def _move(self, actions: NDArray[Any]) -> tuple[Floats, NDArray[np.bool_]]:
        a = np.clip(actions[:, 0].astype(np.float64), -1.0, 1.0)
        reward = -((self.x - self.goal) ** 2) - 0.01 * a**2
        self.x = np.clip(self.x + 0.2 * a, -1.0, 1.0)
        return reward, np.zeros(self.n_lanes, dtype=bool)

    def _observe(self) -> NDArray[np.float32]:
        return self.x.astype(np.float32)[:, None]

    def _draw(self, lane: int) -> NDArray[np.uint8]:
        canvas = Canvas(240, 48)
        canvas.rod((20, 24), (220, 24), 4, GREY)
        canvas.box((120 + 100 * self.goal, 24), (6, 32), GOAL)
        canvas.disc((120 + 100 * self.x[lane], 24), 9, BALL)
        return canvas.pixels()


class PointMass1D(SingleEnv):
    """Bring a point on a line to its goal and hold it there: the smallest continuous control task.

    Nothing ends this world; only the clock cuts episodes. Whoever takes the cut for an end learns
    values that are too small in absolute size, since every cut seems to stop the costs.

    **Observation space** Box(-1, 1, (1,), float32): the position x.
    **Action space** Box(-1, 1, (1,), float32): the push a, clipped to [-1, 1];
    x' = clip(x + 0.2 a, -1, 1).
    **Reward** -(x - goal)² - 0.01 a², at the position *before* the push.
    **Start** x uniform in [-1, 1].
    **Episode end** never `terminated`; `truncated` after `time_limit` steps.

    Mean episode return over the starts: at best -0.90, straight to the goal -0.91, with random
    pushes -11.3, doing nothing -10.6.

    Args:
        goal: where the reward is largest, in [-1, 1].
        time_limit: steps after which an episode is truncated.
        render_mode: "rgb_array" or None.
    """

    def __init__(
        self, goal: float = 0.3, time_limit: int = 25, render_mode: str | None = None
    ) -> None:
        super().__init__(BatchPointMass1D(1, goal, time_limit), render_mode)
