"""Probes of 07_dqn: actions, targets, weights after updates, values after training.

Networks arrive as lists of arrays, weight and bias of each linear layer in turn, and leave as flat
vectors in the same order.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from qlib.checks import served
from qlib.nets import mlp
from qlib.replay import Batch
from qlib.train.config import DQNConfig


def network(layers: list) -> nn.Sequential:
    """An `mlp` with these weights and biases."""
    net = mlp([layers[0].shape[1], *(len(bias) for bias in layers[1::2])])
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), layers, strict=True):
            parameter.copy_(torch.as_tensor(value))
    return net


def flat(net: nn.Module) -> Tensor:
    """All parameters as one vector."""
    return torch.cat([p.detach().reshape(-1) for p in net.parameters()])


def actions(
    function: Callable, shelf: dict, layers: list, obs: np.ndarray, eps: float, rng: Any
) -> list:
    """The action at each observation, asked one after the other with the same generator."""
    net = network(layers)
    return [function(net, one, eps, rng) for one in obs]


def targets(
    function: Callable,
    shelf: dict,
    online: list,
    target: list,
    batch: tuple,
    gamma: float,
    double: bool,
) -> Any:
    """The targets of a batch."""
    return function(network(target), network(online), Batch(*batch), gamma, double)


def step_towards_targets(
    function: Callable,
    shelf: dict,
    online: list,
    target: list,
    batch: tuple,
    gamma: float,
    double: bool,
    lr: float,
) -> tuple[Tensor, Tensor]:
    """Parameters of both networks after one descent step of *both* on the mean squared error."""
    q_net, target_net, batch = network(online), network(target), Batch(*batch)
    y = function(target_net, q_net, batch, gamma, double)
    q = q_net(batch.obs)[torch.arange(len(batch.action)), batch.action]
    ((q - y) ** 2).mean().backward()
    torch.optim.SGD([*q_net.parameters(), *target_net.parameters()], lr).step()
    return flat(q_net), flat(target_net)


def updates(
    function: Callable,
    shelf: dict,
    online: list,
    target: list,
    batches: list,
    fields: dict,
    optimiser: str,
    lr: float,
) -> tuple[Tensor, Tensor, list]:
    """Parameters of both networks after one update a batch, and what the updates reported."""
    q_net, target_net, cfg = network(online), network(target), DQNConfig(**fields)
    opt = getattr(torch.optim, optimiser)(q_net.parameters(), lr)
    reports = [function(q_net, target_net, opt, Batch(*batch), cfg) for batch in batches]
    return flat(q_net), flat(target_net), reports


@served.student_side
def train(function: Callable, env_fn: Callable, fields: dict, seed: int, obs: np.ndarray) -> Tensor:
    """Train, then the values at these observations, (n_obs, A)."""
    net = function(env_fn, DQNConfig(**fields), seed)
    with torch.no_grad():
        return net(torch.as_tensor(obs))


class Scripted:
    """A world made of tables, with gymnasium's interface.

    Args:
        successor: next state, (S, A); -1 ends the episode.
        reward: (S, A).
        starts: `reset(seed=k)` begins in `starts[k]`.
        limit: steps after which an episode is truncated, or None.
    """

    def __init__(
        self,
        successor: np.ndarray,
        reward: np.ndarray,
        starts: np.ndarray,
        limit: int | None = None,
    ) -> None:
        self.successor, self.reward, self.starts = successor, reward, starts
        self.limit = limit
        self.s = self.steps = 0
        self.over = True

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple:
        """Start an episode: `obs, info`."""
        self.s, self.steps, self.over = int(self.starts[0 if seed is None else seed]), 0, False
        return self._obs(), {}

    def step(self, action: Any) -> tuple:
        """Take one step: `next_obs, reward, terminated, truncated, info`."""
        if self.over:
            raise ValueError("the episode is over: call reset before the next step")
        reward, following = self.reward[self.s, action], self.successor[self.s, action]
        self.s, self.steps = max(int(following), 0), self.steps + 1
        terminated = bool(following < 0)
        truncated = not terminated and self.steps == self.limit
        self.over = terminated or truncated
        return self._obs(), float(reward), terminated, truncated, {}

    def _obs(self) -> np.ndarray:
        return np.eye(len(self.successor), dtype=np.float32)[self.s]


def in_script(
    function: Callable, shelf: dict, layers: list, world: tuple, gamma: float, seeds: list
) -> Any:
    """The overestimation of a network in a scripted world."""
    return function(network(layers), Scripted(*world), gamma, seeds)
