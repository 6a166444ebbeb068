"""Transitions over n steps, of one run or of many side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Row = tuple[NDArray[Any], ...]


class Window:
    """The last n steps, and the transition over n steps that begins with the oldest of them.

    Such a transition is (s_t, a_t, r_t + γ r_{t+1} + … + γ^{n-1} r_{t+n-1}, s_{t+n}, terminated),
    so its target is that of one step with γ^n in place of γ. Where an episode terminates on the
    way, the sum ends there and nothing is bootstrapped. Where the clock cuts it there is no
    s_{t+n}: the last whole transition comes again instead, so that every step gives exactly one
    and runs stay side by side.

    The actions on the way are those that were taken, random ones included; nothing corrects for
    them. With n > 1 the values therefore are a little those of the ε-greedy policy.

    Source: M. Hessel et al. (2018), Rainbow, "multi-step learning"; R. Sutton and A. Barto (2018),
    Reinforcement Learning, Sec. 7.1.

    Args:
        n: steps of a transition, at least 1.
        gamma: discount of one step.
        obs_dim: entries of an observation.
        runs: number of runs, whose arrays have a leading axis; None for one run without.
    """

    def __init__(self, n: int, gamma: float, obs_dim: int, runs: int | None = None) -> None:
        lead = () if runs is None else (runs,)
        self.n, self.gamma = n, gamma
        self.steps = np.zeros((), np.int64)
        self.ring = _rows((n, *lead), obs_dim)  # the transition that began at each of n steps
        self.age = np.zeros((n, *lead), np.int64)  # steps that it has seen
        self.open = np.zeros((n, *lead), bool)  # whether its episode goes on
        self.last = _rows(lead, obs_dim)  # the last whole one
        self.known = np.zeros(lead, bool)  # whether there was one

    def push(
        self,
        obs: ArrayLike,
        action: ArrayLike,
        reward: ArrayLike,
        next_obs: ArrayLike,
        terminated: ArrayLike,
        ended: ArrayLike,
    ) -> Row | None:
        """Take in one step; the transition that is n steps old now, or None in the first n - 1.

        Args:
            obs: `[obs_dim]`, as all others with a leading axis where there are runs.
            action: a whole number.
            reward: a number.
            next_obs: `[obs_dim]`.
            terminated: whether `next_obs` is terminal.
            ended: whether the episode is over, terminated or truncated.

        Raises:
            ValueError: if no episode so far lasted n steps or terminated.
        """
        first, of_action, total, following, terminal = self.ring
        slot = int(self.steps) % self.n
        first[slot], of_action[slot], total[slot] = obs, action, 0.0
        self.age[slot], self.open[slot] = 0, True
        total += self.open * self.gamma**self.age * np.asarray(reward)
        self.age += self.open
        np.copyto(following, next_obs, where=self.open[..., None])
        np.copyto(terminal, terminated, where=self.open)
        self.open &= ~np.asarray(ended)
        self.steps += 1
        if self.steps < self.n:
            return None

        oldest = int(self.steps) % self.n
        whole = terminal[oldest] | (self.age[oldest] == self.n)
        for kept, x in zip(self.last, self.ring, strict=True):
            np.copyto(kept, x[oldest], where=whole[..., None] if kept.ndim > whole.ndim else whole)
        self.known |= whole
        if not self.known.all():
            raise ValueError(
                f"the clock cut an episode before it was n_step = {self.n} steps long: a smaller "
                "n_step or a longer time limit is needed."
            )
        return self.last

    def state(self) -> dict[str, Any]:
        """Everything that the future depends on, as copies."""
        own = {name: getattr(self, name).copy() for name in ("steps", "age", "open", "known")}
        return own | {name: [x.copy() for x in getattr(self, name)] for name in ("ring", "last")}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a `state()`."""
        for name in ("steps", "age", "open", "known"):
            getattr(self, name)[...] = state[name]
        for name in ("ring", "last"):
            for own, kept in zip(getattr(self, name), state[name], strict=True):
                own[...] = kept


def _rows(lead: tuple[int, ...], obs_dim: int) -> Row:
    """Room for obs, action, reward, next_obs and terminated."""
    return (
        np.zeros((*lead, obs_dim), np.float32),
        np.zeros(lead, np.int64),
        np.zeros(lead),
        np.zeros((*lead, obs_dim), np.float32),
        np.zeros(lead, bool),
    )
