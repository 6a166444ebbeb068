"""Many episodes side by side: the dynamics of every small world, written once, for N lanes.

A lane is one environment with its own seed. Twenty runs of one algorithm act in twenty lanes, so a
step costs what one product costs and not twenty calls. The gymnasium classes of this package are
views of a single lane (`qlib.envs.deep.single`), hence a run side by side sees, seed by seed, the
same numbers as a run alone.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Lanes = NDArray[np.intp]


class BatchEnv:
    """N independent environments of one kind that step together, without autoreset.

    `next_obs` is always the true successor, also where an episode ends: what a bootstrap needs.
    A lane whose episode is over waits in its last observation, pays 0 and keeps its flags until
    `reset_lanes` starts a new one. So `total += reward` needs no mask in an evaluation.

    `terminated` and `truncated` are never both true: the end of the world beats the clock. (With
    gymnasium's `TimeLimit` both can be.)

    A subclass keeps the state of all lanes in `self.x` (N, ...) and writes `_start`, `_move` and
    `_observe`, and may draw itself in `_draw`.

    Args:
        n_lanes: N, at least 1.
        observation_space: of one lane.
        action_space: of one lane.
        time_limit: steps after which an episode is truncated, or None.

    Attributes:
        n_lanes: N.
        observation_space: the Box of one lane.
        action_space: the Discrete or Box of one lane.
        time_limit: as given.
        t: steps taken in the current episode of each lane, (N,).
        ended: lanes whose episode is over, (N,).
        rngs: the random generator of each lane.
    """

    def __init__(
        self,
        n_lanes: int,
        observation_space: Box,
        action_space: Discrete | Box,
        time_limit: int | None = None,
    ) -> None:
        if isinstance(n_lanes, bool) or int(n_lanes) != n_lanes or n_lanes < 1:
            raise ValueError(f"n_lanes = {n_lanes!r}: the number of environments, at least 1.")
        if time_limit is not None and time_limit < 1:
            raise ValueError(f"time_limit = {time_limit}: it is at least 1, or None for no limit.")
        self.n_lanes = int(n_lanes)
        self.observation_space, self.action_space = observation_space, action_space
        self.time_limit = time_limit
        self.rngs: list[np.random.Generator] = []
        self.x: NDArray[Any] = np.empty(0)
        self.t = np.zeros(self.n_lanes, dtype=np.int64)
        self.terminated = np.zeros(self.n_lanes, dtype=bool)
        self.truncated = np.zeros(self.n_lanes, dtype=bool)

    # What a world defines.

    def _start(self, lanes: Lanes) -> None:
        """Put first states into `self.x[lanes]`."""
        raise NotImplementedError

    def _move(self, actions: NDArray[Any]) -> tuple[Floats, NDArray[np.bool_]]:
        """Move `self.x` by one step; rewards and terminations of all lanes, (N,) each."""
        raise NotImplementedError

    def _cut(self) -> NDArray[np.bool_]:
        """Which lanes are truncated after this step, (N,): by default those out of time."""
        if self.time_limit is None:
            return np.zeros(self.n_lanes, dtype=bool)
        return ~self.terminated & (self.t >= self.time_limit)

    def _observe(self) -> NDArray[np.float32]:
        """What `self.x` looks like: a new array, (N, ...)."""
        raise NotImplementedError

    def _draw(self, lane: int) -> NDArray[np.uint8]:
        """A picture of one lane, (height, width, 3)."""
        raise NotImplementedError(f"{type(self).__name__} has no picture.")

    # What everyone uses.

    @property
    def ended(self) -> NDArray[np.bool_]:
        """Lanes whose episode is over and which wait for `reset_lanes`, (N,)."""
        return self.terminated | self.truncated

    def reset(self, seeds: Sequence[int | None] | None = None) -> NDArray[np.float32]:
        """Start an episode in every lane: observations, (N, ...).

        Args:
            seeds: one for each lane, each as in gymnasium's `reset(seed=...)`; None lets the
                generators go on, as `reset()` without a seed does there.

        Raises:
            ValueError: if there are not N seeds.
        """
        if seeds is not None:
            if np.ndim(seeds) != 1 or len(seeds) != self.n_lanes:
                raise ValueError(
                    f"reset needs one seed for each of the {self.n_lanes} lanes, not {seeds!r}."
                )
            self.rngs = [np.random.default_rng(seed) for seed in seeds]
        elif not self.rngs:
            self.rngs = [np.random.default_rng() for _ in range(self.n_lanes)]
        return self.reset_lanes(np.ones(self.n_lanes, dtype=bool))

    def reset_lanes(self, lanes: ArrayLike) -> NDArray[np.float32]:
        """Start a new episode in some lanes and leave the others alone.

        Args:
            lanes: mask, (N,) bool, as `env.ended`.

        Returns:
            The current observations of all lanes, (N, ...).

        Raises:
            ValueError: if the mask does not fit.
            RuntimeError: before the first `reset`.
        """
        self._need_reset()
        mask = np.asarray(lanes)
        if mask.shape != (self.n_lanes,) or mask.dtype != bool:
            raise ValueError(
                f"reset_lanes takes a bool mask of shape ({self.n_lanes},), one entry a lane, not "
                f"{mask.dtype} of shape {mask.shape}."
            )
        if mask.any():
            self._start(np.flatnonzero(mask))
            self.t[mask] = 0
            self.terminated[mask] = self.truncated[mask] = False
        return self._observe()

    def step(
        self, actions: ArrayLike
    ) -> tuple[NDArray[np.float32], Floats, NDArray[np.bool_], NDArray[np.bool_]]:
        """Take one step in every lane that is not over.

        Args:
            actions: (N,) integers for discrete actions, (N, d) floats for continuous ones.

        Returns:
            `next_obs` (N, ...), `reward` (N,), `terminated` (N,), `truncated` (N,), all new arrays.

        Raises:
            ValueError: if the actions do not fit.
            RuntimeError: before the first `reset`.
        """
        self._need_reset()
        actions = self._checked(actions)
        waiting = self.ended
        some = waiting.any()
        kept = self.x[waiting] if some else None
        reward, terminated = self._move(actions)
        if some:
            self.x[waiting] = kept
            reward[waiting] = 0.0
            terminated[waiting] = self.terminated[waiting]
        self.t += ~waiting
        self.terminated = terminated
        self.truncated = self._cut()
        return self._observe(), reward, terminated.copy(), self.truncated.copy()

    def render(self, lane: int = 0) -> NDArray[np.uint8]:
        """A picture of one lane, (height, width, 3) uint8."""
        self._need_reset()
        return self._draw(range(self.n_lanes)[lane])

    def state(self) -> dict[str, Any]:
        """Everything that the future depends on, as a copy; `restore` goes on exactly here."""
        self._need_reset()
        return {
            "env": type(self).__name__,
            "x": self.x.copy(),
            "t": self.t.copy(),
            "terminated": self.terminated.copy(),
            "truncated": self.truncated.copy(),
            "rngs": [copy.deepcopy(rng.bit_generator.state) for rng in self.rngs],
        }

    def restore(self, state: dict[str, Any]) -> NDArray[np.float32]:
        """Go back to a `state()`: the observations there, (N, ...).

        Raises:
            ValueError: if it comes from another world or another number of lanes.
        """
        if state["env"] != type(self).__name__:
            raise ValueError(f"a state of {state['env']} does not fit {type(self).__name__}.")
        if len(state["rngs"]) != self.n_lanes:
            raise ValueError(
                f"the state has {len(state['rngs'])} lanes, this environment {self.n_lanes}."
            )
        self.x[...], self.t = state["x"], state["t"].copy()
        self.terminated = state["terminated"].copy()
        self.truncated = state["truncated"].copy()
        self.rngs = [np.random.default_rng(0) for _ in range(self.n_lanes)]
        for rng, kept in zip(self.rngs, state["rngs"], strict=True):
            rng.bit_generator.state = copy.deepcopy(kept)
        return self._observe()

    def _need_reset(self) -> None:
        if not self.rngs:
            raise RuntimeError("no episode has begun: call reset(seeds) first.")

    def _checked(self, actions: ArrayLike) -> NDArray[Any]:
        """The actions as an array that fits the action space, or a ValueError."""
        actions = np.asarray(actions)
        if isinstance(self.action_space, Discrete):
            n = int(self.action_space.n)
            if actions.shape != (self.n_lanes,) or actions.dtype.kind not in "iu":
                raise ValueError(
                    f"actions must be {self.n_lanes} integers, one a lane, not {actions.dtype} of "
                    f"shape {actions.shape}."
                )
            if actions.astype(np.uint64).max() >= n:  # negative numbers become huge
                raise ValueError(f"actions must lie in 0..{n - 1}, got {actions.tolist()}.")
            return actions
        shape = (self.n_lanes, *self.action_space.shape)
        if actions.shape != shape or actions.dtype.kind not in "fiu":
            raise ValueError(
                f"actions must be real numbers of shape {shape}, one row a lane, not "
                f"{actions.dtype} of shape {actions.shape}."
            )
        if not np.isfinite(actions).all():
            raise ValueError(f"actions must be finite, got {actions.tolist()}.")
        return actions if actions.dtype.kind == "f" else actions.astype(np.float64)
