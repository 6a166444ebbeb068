"""Greedy episodes on seeds that training never saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gymnasium
import numpy as np
import torch
from gymnasium.spaces import Box, Discrete
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from qlib.envs.deep import BatchEnv, batch_env

MAX_STEPS = 100_000
"""Longest episode that an evaluation waits for."""

World = str | Callable[[], gymnasium.Env] | BatchEnv


def lanes(env: World, n: int) -> BatchEnv:
    """N lanes of a world; one that already has N lanes is taken as it is.

    Raises:
        ValueError: if it has another number of lanes.
    """
    if isinstance(env, BatchEnv):
        if env.n_lanes != n:
            raise ValueError(f"the environment has {env.n_lanes} lanes, {n} are needed.")
        return env
    return batch_env(env, n)


def evaluate(policy: nn.Module | Callable[..., Any], env: World, seeds: ArrayLike) -> NDArray:
    """Episode returns (undiscounted sums of rewards) of one greedy episode for each seed.

    Args:
        policy: a Q-network (takes argmax Q), an actor that returns (mu, log_std) (takes tanh mu,
            scaled to the action space), or a function from observations [n, ...] to actions.
        env: an id, a probe's name, a function that makes an environment, or lanes.
        seeds: one for each episode, (n,); see `held_out`.

    Returns:
        (n,) float64.

    Raises:
        ValueError: without seeds, or if an episode does not end.
    """
    seeds = [int(seed) for seed in np.ravel(seeds)]
    if not seeds:
        raise ValueError("evaluate needs at least one seed.")
    world = lanes(env, len(seeds))
    act = greedy(policy, world.action_space) if isinstance(policy, nn.Module) else policy
    return play(act, world, seeds)


def play(act: Callable[[NDArray], ArrayLike], world: BatchEnv, seeds: Sequence[int]) -> NDArray:
    """One episode in every lane: episode returns, (n_lanes,)."""
    obs = world.reset(seeds)
    total = np.zeros(world.n_lanes)
    for _ in range(MAX_STEPS):
        obs, reward, _, _ = world.step(act(obs))
        total += reward
        if world.ended.all():
            return total
    raise ValueError(f"an episode is not over after {MAX_STEPS:,} steps: give it a time limit.")


def greedy(net: nn.Module, space: Discrete | Box) -> Callable[[NDArray], NDArray]:
    """The greedy policy of a network: argmax Q, or tanh mu in the units of the action space."""
    device = next((p.device for p in net.parameters()), torch.device("cpu"))

    @torch.no_grad()
    def act(obs: NDArray) -> NDArray:
        out: Tensor | tuple[Tensor, Tensor] = net(torch.as_tensor(obs, device=device))
        if isinstance(space, Discrete):
            return out.argmax(dim=-1).cpu().numpy()
        mu = out[0] if isinstance(out, tuple) else out
        return from_unit(torch.tanh(mu).cpu().numpy(), space)

    return act


def from_unit(action: NDArray, space: Box) -> NDArray[np.float32]:
    """Actions in (-1, 1)^d in the units of a bounded action space."""
    low, high = space.low, space.high
    return (low + (np.asarray(action, dtype=np.float32) + 1) / 2 * (high - low)).astype(np.float32)


def check_spaces(world: BatchEnv, discrete: bool) -> None:
    """Refuse a world that an algorithm cannot act in.

    Raises:
        TypeError: if actions are of the wrong kind or unbounded, or observations no vectors.
    """
    space = world.action_space
    if discrete and not isinstance(space, Discrete):
        raise TypeError(f"DQN needs discrete actions, not {space}: use SAC.")
    if not discrete and not (isinstance(space, Box) and np.isfinite([space.low, space.high]).all()):
        raise TypeError(f"SAC needs bounded real actions, not {space}.")
    if not discrete and len(space.shape) != 1:
        raise TypeError(f"SAC needs actions of shape (d,), not {space.shape}.")
    if len(world.observation_space.shape) != 1:
        raise TypeError(
            f"these networks read vectors, not observations of shape "
            f"{world.observation_space.shape}: wrap with gymnasium's FlattenObservation."
        )
