"""Any gymnasium environment in N lanes: quick where the dynamics are here, one by one where not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from qlib.envs.deep.bandit import BatchBimodalBandit
from qlib.envs.deep.batch import BatchEnv, Floats, Lanes
from qlib.envs.deep.catch import BatchCatch
from qlib.envs.deep.classic import BatchCartPole, BatchPendulum
from qlib.envs.deep.control import BatchCorridor, BatchPointMass1D
from qlib.envs.deep.probes import PROBES, BatchProbe, Loop, Probe
from qlib.envs.deep.scaled import BatchScaledCartPole


class BatchOf(BatchEnv):
    """N gymnasium environments stepped one after the other behind the interface of `BatchEnv`.

    For worlds whose dynamics are not written for lanes, as MuJoCo's. Time limits are the
    environments' own. If an environment says terminated and truncated at once, terminated counts.

    `state` stores how the current episode began and which actions followed, and `restore` plays
    them again: exact for every environment whose only randomness is its `np_random`.

    Args:
        n_lanes: N.
        make: makes one environment.

    Raises:
        TypeError: if observations or actions are neither Box nor (actions) Discrete.
    """

    def __init__(self, n_lanes: int, make: Callable[[], gymnasium.Env]) -> None:
        self.envs = [make() for _ in range(n_lanes)]
        obs_space, action_space = self.envs[0].observation_space, self.envs[0].action_space
        spaces = gymnasium.spaces
        if not isinstance(obs_space, spaces.Box) or not isinstance(
            action_space, spaces.Discrete | spaces.Box
        ):
            raise TypeError(
                f"lanes need Box observations and Discrete or Box actions, not {obs_space} and "
                f"{action_space}. Wrap the environment, as with gymnasium's FlattenObservation."
            )
        super().__init__(n_lanes, obs_space, action_space)
        self.x = np.zeros((self.n_lanes, *obs_space.shape), dtype=np.float32)
        self._begun: list[Any] = [None] * self.n_lanes
        self._played: list[list[Any]] = [[] for _ in range(self.n_lanes)]
        self._late = np.zeros(self.n_lanes, dtype=bool)

    def close(self) -> None:
        """Close all environments."""
        for env in self.envs:
            env.close()

    def _start(self, lanes: Lanes) -> None:
        for i in lanes:
            self._begin(i, copy.deepcopy(self.rngs[i].bit_generator.state))

    def _begin(self, i: int, begun: dict[str, Any]) -> None:
        """Reset lane i with its generator in the given state."""
        env = self.envs[i]
        self.rngs[i].bit_generator.state = copy.deepcopy(begun)
        env.unwrapped.np_random = self.rngs[i]
        obs, _ = env.reset()
        self.rngs[i] = env.unwrapped.np_random  # another one if the environment replaced it
        self.x[i], self._begun[i], self._played[i], self._late[i] = obs, begun, [], False

    def _move(self, actions: NDArray[Any]) -> tuple[Floats, NDArray[np.bool_]]:
        reward, terminated = np.zeros(self.n_lanes), self.terminated.copy()
        discrete = isinstance(self.action_space, gymnasium.spaces.Discrete)
        for i in np.flatnonzero(~self.ended):
            action = int(actions[i]) if discrete else actions[i].astype(self.action_space.dtype)
            reward[i], terminated[i] = self._advance(i, action)
        return reward, terminated

    def _advance(self, i: int, action: Any) -> tuple[float, bool]:
        """One step of lane i: reward and whether it terminated."""
        self._played[i].append(action)
        self.x[i], reward, terminated, self._late[i], _ = self.envs[i].step(action)
        return reward, terminated

    def _cut(self) -> NDArray[np.bool_]:
        return self._late & ~self.terminated

    def _observe(self) -> NDArray[np.float32]:
        return self.x.copy()

    def _draw(self, lane: int) -> NDArray[np.uint8]:
        return self.envs[lane].render()

    def state(self) -> dict[str, Any]:
        """Beginning and actions of each lane's episode, with the flags; see the class."""
        kept = super().state()
        return kept | {"begun": copy.deepcopy(self._begun), "played": copy.deepcopy(self._played)}

    def restore(self, state: dict[str, Any]) -> NDArray[np.float32]:
        """Play the episodes of a `state()` again."""
        super().restore(state)
        for i in range(self.n_lanes):
            self._begin(i, state["begun"][i])
            for action in state["played"][i]:
                self._advance(i, action)
        return self._observe()


KNOWN: dict[str, Callable[..., BatchEnv]] = {
    "CartPole-v1": BatchCartPole,
    "Pendulum-v1": BatchPendulum,
    "qlib/Catch-v0": BatchCatch,
    "qlib/Corridor-v0": BatchCorridor,
    "qlib/PointMass1D-v0": BatchPointMass1D,
    "qlib/BimodalBandit-v0": BatchBimodalBandit,
    "qlib/ScaledCartPole-v0": BatchScaledCartPole,
}


def batch_env(env: str | Callable[[], gymnasium.Env], n_lanes: int, **kwargs: Any) -> BatchEnv:
    """N lanes of an environment.

    Args:
        env: an id known to gymnasium, as "CartPole-v1" or "qlib/Catch-v0"; the name of a probe,
            "P1" to "P6"; or a function without arguments that makes one environment.
        n_lanes: N.
        kwargs: passed on to the environment.

    Returns:
        An environment with the dynamics written for lanes, where there are any; else `BatchOf`.
    """
    if callable(env):
        return BatchOf(n_lanes, lambda: env(**kwargs))
    if env in KNOWN:
        return KNOWN[env](n_lanes, **kwargs)
    name = env.removeprefix("qlib/").removesuffix("-v0")
    probes = PROBES | {probe.__name__: probe for probe in PROBES.values()}
    if name in probes:
        return _probe_lanes(probes[name], n_lanes, **kwargs)
    return BatchOf(n_lanes, lambda: gymnasium.make(env, **kwargs))


def _probe_lanes(probe: type[Probe], n_lanes: int, **kwargs: Any) -> BatchProbe:
    """A probe in N lanes, with the arguments of its class."""
    table = probe.table
    if probe is Loop and "T" in kwargs:
        table = replace(table, time_limit=kwargs.pop("T"))
    return table.lanes(n_lanes, **kwargs)
