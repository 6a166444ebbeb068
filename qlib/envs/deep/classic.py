"""CartPole-v1 and Pendulum-v1 of gymnasium in N lanes, to the last bit.

The single environments are gymnasium's own; these are their dynamics for many seeds side by side.
A lane that is reset with a seed goes through exactly the states that gymnasium's environment goes
through with this seed (a test compares them step by step), so the operations stand in the order and
in the precision in which gymnasium performs them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import NDArray

from qlib.envs.deep.batch import BatchEnv, Floats, Lanes
from qlib.envs.deep.scenes import cartpole, pendulum

ANGLE_LIMIT = 12 * 2 * math.pi / 360
TRACK_LIMIT = 2.4


class BatchCartPole(BatchEnv):
    """CartPole-v1 in N lanes: balance a pole on a cart by pushing left (0) or right (1).

    **Observation** position, velocity, angle (rad), angular velocity, float32. **Reward** 1 a step.
    **Episode end** `terminated` beyond ±2.4 or ±12°; `truncated` after 500 steps.

    References:
        A. Barto, R. Sutton and C. Anderson (1983). Neuronlike adaptive elements that can solve
        difficult learning control problems. IEEE Trans. SMC 13(5). Constants as in gymnasium.

    Args:
        n_lanes: N.
        time_limit: steps after which an episode is truncated.
    """

    def __init__(self, n_lanes: int, time_limit: int | None = 500) -> None:
        high = np.array([2 * TRACK_LIMIT, np.inf, 2 * ANGLE_LIMIT, np.inf], dtype=np.float32)
        super().__init__(n_lanes, Box(-high, high, dtype=np.float32), Discrete(2), time_limit)
        self.x = np.zeros((4, self.n_lanes)).T  # [N, 4], one row of memory for each quantity

    def _start(self, lanes: Lanes) -> None:
        for i in lanes:
            self.x[i] = self.rngs[i].uniform(-0.05, 0.05, size=4)

    def _move(self, actions: NDArray[Any]) -> tuple[Floats, NDArray[np.bool_]]:
        gravity, cart, pole, half_length, dt = 9.8, 1.0, 0.1, 0.5, 0.02
        total = pole + cart
        moment = pole * half_length
        x, x_dot, theta, theta_dot = self.x.T  # views: what follows moves the state in place
        force = np.where(actions == 1, 10.0, -10.0)
        cos, sin = np.cos(theta), np.sin(theta)
        push = (force + moment * np.square(theta_dot) * sin) / total
        theta_acc = (gravity * sin - cos * push) / (
            half_length * (4.0 / 3.0 - pole * np.square(cos) / total)
        )
        x_acc = push - moment * theta_acc * cos / total
        x += dt * x_dot  # with the old velocity: Euler's method
        x_dot += dt * x_acc
        theta += dt * theta_dot
        theta_dot += dt * theta_acc
        fallen = (np.abs(x) > TRACK_LIMIT) | (np.abs(theta) > ANGLE_LIMIT)
        return np.ones(self.n_lanes), fallen

    def _observe(self) -> NDArray[np.float32]:
        return self.x.astype(np.float32, order="C")

    def _draw(self, lane: int) -> NDArray[np.uint8]:
        return cartpole(self.x[lane])


class BatchPendulum(BatchEnv):
    """Pendulum-v1 in N lanes: swing a pendulum up with too little torque, and hold it.

    **Observation** cos θ, sin θ, angular velocity, float32. **Action** torque in [-2, 2], clipped.
    **Reward** -(θ² + 0.1 θ'² + 0.001 torque²), θ in [-π, π), 0 upright.
    **Episode end** never `terminated`; `truncated` after 200 steps. Constants as in gymnasium.

    Args:
        n_lanes: N.
        time_limit: steps after which an episode is truncated.
    """

    def __init__(self, n_lanes: int, time_limit: int | None = 200) -> None:
        high = np.array([1.0, 1.0, 8.0], dtype=np.float32)
        box = Box(-high, high, dtype=np.float32)
        super().__init__(n_lanes, box, Box(-2.0, 2.0, (1,), np.float32), time_limit)
        self.x = np.zeros((2, self.n_lanes)).T  # [N, 2], one row of memory for each quantity

    def _start(self, lanes: Lanes) -> None:
        high = np.array([np.pi, 1.0])
        for i in lanes:
            self.x[i] = self.rngs[i].uniform(-high, high)

    def _move(self, actions: NDArray[Any]) -> tuple[Floats, NDArray[np.bool_]]:
        g, dt = 10.0, 0.05
        theta, speed = self.x.T  # views: what follows moves the state in place
        torque = np.clip(actions, -2.0, 2.0)[:, 0]  # keeps float32, as gymnasium does
        angle = ((theta + np.pi) % (2 * np.pi)) - np.pi
        cost = _squares(angle) + 0.1 * _squares(speed) + 0.001 * _squares(torque)
        speed += (3 * g / 2.0 * np.sin(theta) + 3.0 * torque) * dt
        np.clip(speed, -8.0, 8.0, out=speed)
        theta += speed * dt  # with the new velocity
        return -cost, np.zeros(self.n_lanes, dtype=bool)

    def _observe(self) -> NDArray[np.float32]:
        theta, speed = self.x.T
        obs = np.empty((self.n_lanes, 3), dtype=np.float32)
        obs[:, 0], obs[:, 1], obs[:, 2] = np.cos(theta), np.sin(theta), speed
        return obs

    def _draw(self, lane: int) -> NDArray[np.uint8]:
        return pendulum(self.x[lane])


def _squares(values: NDArray[Any]) -> NDArray[Any]:
    """Each entry squared by the `pow` of scalars, as gymnasium does it.

    The square of a whole array is a product and differs in the last bit, once in 1,000.
    """
    return np.array([value**2 for value in values])
