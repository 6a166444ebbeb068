"""The bridge to gymnasium, both ways: `from_gymnasium` and `MDPEnv`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlib.mdp import TabularMDP


class MDPEnv(gymnasium.Env):
    """A `TabularMDP` as a gymnasium environment; `TabularMDP.to_env` makes one.

    **Observation space** Discrete(S): the state. **Action space** Discrete(A).
    **Reward** R[s, a]. **Start** rho0.
    **Episode end** `terminated` if the next state is terminal; else `truncated` if `time_limit`
    steps have been taken. Never both. An episode that starts in a terminal state terminates with
    its first step, which stays there and pays 0, since gymnasium knows no episode without steps.

    Args:
        mdp: the world.
        time_limit: most steps of an episode, >= 1, or `None`.
    """

    metadata = {"render_modes": []}  # noqa: RUF012 (gymnasium's own form)
    render_mode = None

    def __init__(self, mdp: TabularMDP, time_limit: int | None = None) -> None:
        if time_limit is not None and time_limit < 1:
            raise ValueError(f"time_limit = {time_limit}: it is at least 1, or None for no limit.")
        self.mdp = mdp
        self.time_limit = time_limit
        self.observation_space = gymnasium.spaces.Discrete(mdp.n_states)
        self.action_space = gymnasium.spaces.Discrete(mdp.n_actions)
        self._s: int | None = None
        self._t = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Start an episode: `(obs, info)`."""
        super().reset(seed=seed)
        self._s, self._t = self.mdp.reset(self.np_random), 0
        return self._s, {}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        """Take one step: `(next_obs, reward, terminated, truncated, info)`."""
        if self._s is None:
            raise gymnasium.error.ResetNeeded("the episode is over (or none began): call reset().")
        s, reward, terminated = self.mdp.step(self._s, action, self.np_random)
        self._t += 1
        truncated = not terminated and self._t == self.time_limit
        self._s = None if terminated or truncated else s
        return s, reward, terminated, truncated, {}


def from_gymnasium(
    env: str | gymnasium.Env, gamma: float = 0.99, rho0: ArrayLike | None = None
) -> TabularMDP:
    """The `TabularMDP` of a gymnasium environment that publishes its table `P`.

    Works for FrozenLake, CliffWalking and Taxi. `P[s][a]` lists `(p, s_next, r, terminated)`:

    - R[s, a] is the mean reward. The table's rewards may depend on s_next (FrozenLake pays on
      arrival), so values agree with the environment, but single rewards need not.
    - A state that ends an episode becomes terminal: absorbing, with reward 0, whatever the table
      says about leaving it. The step that enters it keeps its reward.
    - If a state both ends episodes and is passed through without ending them, one more state
      `S` is added, "the end", and the ending transitions lead there. Only what can happen from the
      initial states counts: Taxi has such transitions in states it never visits, and keeps 500.

    Time limits are not part of the table, hence not of the MDP.

    Args:
        env: an environment, or an id such as "FrozenLake-v1".
        gamma: discount.
        rho0: first-state distribution, (S,); `None` takes the environment's
            `initial_state_distrib`.

    Raises:
        ValueError: if there is no such table, or if the environment departs from it.
    """
    made = gymnasium.make(env) if isinstance(env, str) else None
    raw = (made or env).unwrapped
    table = getattr(raw, "P", None)
    n_states = int(getattr(raw.observation_space, "n", 0))
    n_actions = int(getattr(raw.action_space, "n", 0))
    if not isinstance(table, Mapping) or len(table) != n_states or n_actions == 0:
        raise ValueError(
            f"{raw} publishes no table P[s][a] = [(p, s_next, r, terminated), ...] over discrete "
            "states and actions, so its MDP cannot be read off. FrozenLake, CliffWalking and Taxi "
            "do."
        )
    if getattr(raw, "fickle_passenger", False):
        raise ValueError("Taxi with fickle_passenger=True departs from its table P: leave it out.")
    if rho0 is None:
        rho0 = getattr(raw, "initial_state_distrib", None)
        if rho0 is None:
            raise ValueError(f"{raw} names no initial_state_distrib: give rho0.")
    if made is not None:
        made.close()
    rho0 = np.asarray(rho0, dtype=np.float64)

    entries = [
        (s, a, p, int(s_next), float(r), bool(ended))
        for s in range(n_states)
        for a in range(n_actions)
        for p, s_next, r, ended in table[s][a]
        if p > 0
    ]
    s, a, p, s_next, r, ended = (np.array(column) for column in zip(*entries, strict=True))
    happens = _reachable(n_states, s, s_next, ended, rho0)[s]
    ending = np.zeros(n_states, dtype=bool)
    ending[s_next[ended & happens]] = True
    passed = np.zeros(n_states, dtype=bool)
    passed[s_next[~ended & happens]] = True
    passed[rho0 > 0] = True
    if (ending & passed).any():
        end = n_states
        s_next = np.where(ended, end, s_next)
        terminal = np.arange(n_states + 1) == end
        rho0 = np.append(rho0, 0.0)
    else:
        ending[s_next[ended & ~passed[s_next]]] = True
        terminal = ending
    n = len(terminal)
    P, R = np.zeros((n, n_actions, n)), np.zeros((n, n_actions))
    np.add.at(P, (s, a, s_next), p)
    np.add.at(R, (s, a), p * r)
    P[terminal], R[terminal] = 0, 0
    P[terminal, :, terminal] = 1
    return TabularMDP(P, R, gamma, terminal, rho0)


def _reachable(
    n_states: int,
    s: NDArray[np.intp],
    s_next: NDArray[np.intp],
    ended: NDArray[np.bool_],
    rho0: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """States from which a step can be taken, (S,), starting from rho0."""
    reached = rho0 > 0
    while True:
        before = reached.sum()
        reached[s_next[reached[s] & ~ended]] = True
        if reached.sum() == before:
            return reached
