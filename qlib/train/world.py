"""One environment of a training run, which can go on after a stop exactly where it was."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import NDArray

from qlib.envs.deep import PROBES


def make_env(env: str | Callable[[], gymnasium.Env]) -> gymnasium.Env:
    """An environment from an id, a probe's name ("P1" to "P6") or a function that makes one.

    Raises:
        TypeError: for anything else.
    """
    if callable(env):
        return env()
    if isinstance(env, str):
        return PROBES[env]() if env in PROBES else gymnasium.make(env)
    raise TypeError(
        f"env must be an id such as 'CartPole-v1' or a function that makes an environment, not "
        f"{type(env).__name__}. Of one object `env`, give `lambda: env`."
    )


class World:
    """An environment that knows how its episode began and what was done since.

    `state` stores the generator at the beginning of the episode and the actions that followed;
    `restore` plays them again. That is exact for environments whose randomness is all in
    `np_random`, as gymnasium asks for.

    Args:
        env: the environment.

    Attributes:
        obs: the current observation, float32.
        ended: whether the last step ended an episode, so that `obs` is the start of the next.
    """

    def __init__(self, env: gymnasium.Env) -> None:
        self.env = env
        self.obs: NDArray[np.float32] = np.empty(0, np.float32)
        self.ended = False
        self._begun: dict[str, Any] = {}
        self._played: list[Any] = []

    @property
    def observation_space(self) -> Box:
        """Of the environment."""
        return self.env.observation_space

    @property
    def action_space(self) -> Discrete | Box:
        """Of the environment."""
        return self.env.action_space

    def begin(self, seed: int | None = None) -> None:
        """Start an episode; without a seed the environment's generator goes on."""
        if seed is None:
            self._begun = copy.deepcopy(self.env.unwrapped.np_random.bit_generator.state)
            obs, _ = self.env.reset()
        else:
            self._begun = {"seed": int(seed)}
            obs, _ = self.env.reset(seed=int(seed))
        self._played = []
        self.obs = np.asarray(obs, dtype=np.float32)

    def step(self, action: Any) -> tuple[NDArray[np.float32], float, bool]:
        """One step: true successor, reward, `terminated`. A new episode begins where one ended."""
        self._played.append(action)
        obs, reward, terminated, truncated, _ = self.env.step(action)
        next_obs = self.obs = np.asarray(obs, dtype=np.float32)
        self.ended = bool(terminated or truncated)
        if self.ended:
            self.begin()
        return next_obs, float(reward), bool(terminated)

    def state(self) -> dict[str, Any]:
        """How the episode began, and the actions since."""
        return {"begun": copy.deepcopy(self._begun), "played": np.array(self._played)}

    def restore(self, state: dict[str, Any]) -> None:
        """Play the episode of a `state()` again."""
        begun, played = state["begun"], state["played"]
        if "seed" in begun:
            self.begin(begun["seed"])
        else:
            self.env.reset(seed=0)  # makes a generator, whose state is then replaced
            self.env.unwrapped.np_random.bit_generator.state = copy.deepcopy(begun)
            self.begin()
        for action in played:
            action = int(action) if isinstance(self.action_space, Discrete) else action
            self.step(action)
