"""Six probe worlds with known Q: each can go wrong in one way only.

Before an agent meets a task, it meets these, in order. The first one that fails says where to look:

    P1 ConstantReward   loss, optimiser, network output, or a bootstrap beyond the end
    P2 SignReward       P1 right, P2 wrong: the observation does not reach the value
    P3 DelayedReward    the discount, the bootstrap, or the order of a transition's parts
    P4 ActionReward     the value of the taken action is not the one that is trained, or the policy
    P5 MatchReward      observation and action together: indices across the batch
    P6 Loop             truncation taken for termination

All six are small tables behind one observed number, so their exact Q can be written down. The idea
of probes is Andy L. Jones's ("Debugging RL, Without the Agonizing Pain", 2021).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import ArrayLike, NDArray

from qlib.envs.deep.batch import BatchEnv, Floats, Lanes
from qlib.envs.deep.catch import permutation_of
from qlib.envs.deep.draw import BALL, GREY, Canvas
from qlib.envs.deep.single import SingleEnv

END = -1


class BatchProbe(BatchEnv):
    """A deterministic table in N lanes: which number is seen, what pays, what comes next.

    Args:
        n_lanes: N.
        seen: observed number of each state, (n_obs,), in [-1, 1].
        reward: reward[s, a], (n_obs, A).
        successor: next state of each state, (n_obs,) int; -1 ends the episode.
        starts: states an episode may start in, drawn uniformly.
        time_limit: steps after which an episode is truncated, or None.
    """

    def __init__(
        self,
        n_lanes: int,
        seen: ArrayLike,
        reward: ArrayLike,
        successor: ArrayLike,
        starts: ArrayLike,
        time_limit: int | None = None,
    ) -> None:
        self.reward = np.array(reward, dtype=np.float64)
        n_actions = self.reward.shape[1]
        super().__init__(n_lanes, Box(-1.0, 1.0, (1,), np.float32), Discrete(n_actions), time_limit)
        self.observations = np.array(seen, dtype=np.float32)[:, None]
        self.successor = np.array(successor, dtype=np.intp)
        self.starts = np.array(starts, dtype=np.intp)
        self.x = np.zeros(self.n_lanes, dtype=np.intp)

    def q_star(self, gamma: float) -> Floats:
        """Q*(s, a) for the rows of `observations`, (n_obs, A).

        Time limits cut episodes, not values: `Loop` is worth 1 / (1 - gamma) whatever its T.

        Raises:
            ValueError: if gamma is outside [0, 1), or [0, 1] where every episode terminates.
        """
        endless = bool((self.successor >= 0).all())
        if not (0 <= gamma < 1 or (gamma == 1 and not endless)):
            raise ValueError(f"gamma = {gamma}: needs 0 <= gamma < 1.")
        n = len(self.successor)
        best = self.reward.max(axis=1)
        follows = np.zeros((n, n))
        goes_on = self.successor >= 0
        follows[np.flatnonzero(goes_on), self.successor[goes_on]] = 1.0
        V = np.linalg.solve(np.eye(n) - gamma * follows, best)
        return self.reward + gamma * (follows @ V)[:, None]

    def _start(self, lanes: Lanes) -> None:
        for i in lanes:
            self.x[i] = self.starts[self.rngs[i].integers(len(self.starts))]

    def _move(self, actions: NDArray[Any]) -> tuple[Floats, NDArray[np.bool_]]:
        reward = self.reward[self.x, actions]
        following = self.successor[self.x]
        terminated = following == END
        self.x = np.where(terminated, self.x, following)
        return reward, terminated

    def _observe(self) -> NDArray[np.float32]:
        return self.observations[self.x]

    def _draw(self, lane: int) -> NDArray[np.uint8]:
        canvas = Canvas(240, 48)
        canvas.rod((20, 24), (220, 24), 4, GREY)
        canvas.disc((120 + 100 * float(self.observations[self.x[lane], 0]), 24), 9, BALL)
        return canvas.pixels()


@dataclass(frozen=True)
class Table:
    """What makes one probe; its fields are arguments of `BatchProbe`."""

    seen: tuple[float, ...]
    reward: tuple[tuple[float, ...], ...]
    successor: tuple[int, ...]
    starts: tuple[int, ...]
    time_limit: int | None = None

    def lanes(
        self,
        n_lanes: int,
        scale: float = 1.0,
        flip: bool = False,
        actions: ArrayLike | None = None,
    ) -> BatchProbe:
        """The probe in N lanes, as a variant; the arguments are those of `Probe`."""
        if not np.isfinite(scale):
            raise ValueError(f"scale = {scale}: rewards must be finite.")
        reward = scale * np.array(self.reward)
        reward = reward[:, permutation_of(reward.shape[1], actions, "actions")]
        seen = np.array(self.seen) * (-1.0 if flip else 1.0)
        return BatchProbe(n_lanes, seen, reward, self.successor, self.starts, self.time_limit)


class Probe(SingleEnv):
    """One lane of a probe; base of the six.

    **Observation space** Box(-1, 1, (1,), float32). **Action space** Discrete(2).

    Each is a family: another scale, sign or order of actions makes a fresh variant whose Q is as
    exactly known.

    Args:
        scale: factor of all rewards, hence of Q.
        flip: show every number with its sign turned.
        actions: `actions[a]` is what action a means, a permutation of (0, 1).
        render_mode: "rgb_array" or None.

    Attributes:
        observations: everything that can be observed, (n_obs, 1); the rows of `q_star`.
    """

    table: Table
    batch: BatchProbe

    def __init__(
        self,
        scale: float = 1.0,
        flip: bool = False,
        actions: ArrayLike | None = None,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(self.table.lanes(1, scale, flip, actions), render_mode)

    @property
    def observations(self) -> NDArray[np.float32]:
        """Everything that can be observed, (n_obs, 1); the rows of `q_star`."""
        return self.batch.observations.copy()

    def q_star(self, gamma: float) -> Floats:
        """Q*(s, a) for the rows of `observations`, (n_obs, A), float64.

        Raises:
            ValueError: if gamma is outside [0, 1]; `Loop` needs gamma < 1.
        """
        return self.batch.q_star(gamma)


class ConstantReward(Probe):
    """P1: one observation, one step, reward 1: Q = 1.

    The observation after the end looks like the one before. Who bootstraps there finds
    1 / (1 - gamma) instead of 1.
    """

    table = Table((1.0,), ((1.0, 1.0),), (END,), (0,))


class SignReward(Probe):
    """P2: +1 or -1 is seen, and is the reward; one step: Q(s) = s."""

    table = Table((-1.0, 1.0), ((-1.0, -1.0), (1.0, 1.0)), (END, END), (0, 1))


class DelayedReward(Probe):
    """P3: two steps, first -1 is seen, then +1; reward 1 with the second: Q = gamma, then 1."""

    table = Table((-1.0, 1.0), ((0.0, 0.0), (1.0, 1.0)), (1, END), (0,))


class ActionReward(Probe):
    """P4: one observation, one step; action 0 pays -1, action 1 pays +1: Q(a) = -1, 1."""

    table = Table((1.0,), ((-1.0, 1.0),), (END,), (0,))


class MatchReward(Probe):
    """P5: -1 asks for action 0, +1 for action 1; reward 1 if it fits, -1 if not; one step."""

    table = Table((-1.0, 1.0), ((1.0, -1.0), (-1.0, 1.0)), (END, END), (0, 1))


class Loop(Probe):
    """P6: one observation, reward 1 for ever; only the clock cuts episodes: Q = 1 / (1 - gamma).

    Who takes the cut for an end finds about 1 / (1 - gamma (1 - 1/T)): 5.3 instead of 10 with
    gamma = 0.9 and T = 10.

    Args:
        T: steps after which an episode is truncated.
        scale: as in `Probe`.
        flip: as in `Probe`.
        actions: as in `Probe`.
        render_mode: as in `Probe`.
    """

    table = Table((1.0,), ((1.0, 1.0),), (0,), (0,), time_limit=10)

    def __init__(
        self,
        T: int = 10,
        scale: float = 1.0,
        flip: bool = False,
        actions: ArrayLike | None = None,
        render_mode: str | None = None,
    ) -> None:
        self.table = replace(Loop.table, time_limit=T)
        super().__init__(scale, flip, actions, render_mode)


PROBES: dict[str, Callable[..., Probe]] = {
    "P1": ConstantReward,
    "P2": SignReward,
    "P3": DelayedReward,
    "P4": ActionReward,
    "P5": MatchReward,
    "P6": Loop,
}
"""The probes in the order in which an agent should meet them."""
