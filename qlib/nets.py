"""Networks for the deep half: small, shape-checked, the same for one run and for many.

Shapes: observations `[B, obs_dim]`, discrete Q-heads `[B, A]`, critics of continuous actions
`[B]` and never `[B, 1]`, actors `[B, act_dim]`. Nothing is activated at an output: a value may be
any number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from qlib.closed_book import finished_version_of
from qlib.weights import load, numpy_policy, state

__all__ = [
    "LOG_STD_MAX",
    "LOG_STD_MIN",
    "Critic",
    "GaussianActor",
    "MockQ",
    "QNetwork",
    "StackedLinear",
    "TwinCritic",
    "load",
    "mlp",
    "numpy_policy",
    "state",
]

LOG_STD_MIN, LOG_STD_MAX = -5.0, 2.0
"""Bounds of log σ: σ from 0.0067, which is nearly deterministic, to 7.4, which tanh flattens."""


def mlp(sizes: Sequence[int], activation: Callable[[], nn.Module] = nn.ReLU) -> nn.Sequential:
    """Linear layers with activations between them and none at the end.

    Args:
        sizes: input, hidden and output widths: `[4, 64, 64, 2]` has two hidden layers.
        activation: makes the module between two layers.

    Raises:
        ValueError: for fewer than two sizes or a size below 1.
    """
    widths = [int(size) for size in sizes]
    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(
            f"sizes = {list(sizes)}: an MLP has an input and an output width, each at least 1."
        )
    layers: list[nn.Module] = []
    for i, (n_in, n_out) in enumerate(pairwise(widths)):
        layers += [activation()] if i else []
        layers.append(nn.Linear(n_in, n_out))
    return nn.Sequential(*layers)


class MockQ(nn.Module):
    """A Q-network that is a table: `MockQ(table)(obs)` is `[B, A]`, row by row.

    Its only parameter is the table itself, so a loss can be checked by hand: after `backward`,
    `grads` holds the gradient of every table entry. It records how it was called, too.

    Observations name rows of the table in one of three ways: integers `[B]`; floats `[B]` or
    `[B, 1]` that are whole numbers; or `[B, n_obs]` weights of the rows, as one-hot vectors are.
    In a table of one row, 0 (its number) and 1 (its weight) both name it.

    Args:
        table: Q[obs, a], (n_obs, A).

    Attributes:
        table: the parameter, (n_obs, A), float32 unless float64 was given.
        calls: the observations of every call so far, copies without gradient.
    """

    def __init__(self, table: Any) -> None:
        super().__init__()
        values = torch.as_tensor(table)
        if values.ndim != 2 or values.numel() == 0:
            raise ValueError(
                f"a table is Q[obs, a] with shape (n_obs, A), not {tuple(values.shape)}."
            )
        keep = values.dtype if values.dtype == torch.float64 else torch.float32
        if isinstance(table, list | tuple):
            keep = torch.float32
        self.table = nn.Parameter(values.detach().to(keep).clone())
        self.calls: list[Tensor] = []

    @property
    def grads(self) -> Tensor | None:
        """The gradient of the table, (n_obs, A), or None where nothing flowed."""
        return None if self.table.grad is None else self.table.grad.clone()

    def forward(self, obs: Tensor) -> Tensor:
        """Rows of the table, `[B, A]`.

        Raises:
            ValueError: for observations that name no rows.
        """
        obs = torch.as_tensor(obs)
        self.calls.append(obs.detach().clone())
        n_obs = len(self.table)
        if obs.ndim == 2 and obs.shape[1] == n_obs and n_obs > 1:
            return obs.to(self.table.dtype) @ self.table
        rows = obs[:, 0] if obs.ndim == 2 and obs.shape[1] == 1 else obs
        if rows.ndim != 1 or rows.dtype == torch.bool:
            raise ValueError(
                f"observations are row numbers [B] or weights [B, {n_obs}], not "
                f"{tuple(obs.shape)} of {obs.dtype}. Batch first, also for B = 1."
            )
        index = rows.long()
        if n_obs == 1 and obs.ndim == 2:
            index = index.where(rows != 1, 0)
            rows = rows.where(rows != 1, 0)
        if rows.numel() and (
            not torch.equal(index.to(rows.dtype), rows) or index.min() < 0 or index.max() >= n_obs
        ):
            raise ValueError(f"rows must be whole numbers in 0..{n_obs - 1}, got {rows.tolist()}.")
        return self.table[index]


def _expect(x: Tensor, width: int, what: str) -> None:
    """Refuse a tensor whose last axis is not `width` long: a broadcast would hide it."""
    if x.ndim == 0 or x.shape[-1] != width:
        raise ValueError(
            f"{what} must have shape [B, {width}], not {list(x.shape)}. Batch first, also for "
            "B = 1; one number each is [B, 1]."
        )


class QNetwork(nn.Module):
    """Q(s, ·) for discrete actions: one observation in, one value for each action out.

    Args:
        obs_dim: entries of an observation.
        n_actions: A.
        hidden: widths of the hidden layers.
    """

    @finished_version_of("DiscreteQ")
    def __init__(self, obs_dim: int, n_actions: int, hidden: Sequence[int] = (64, 64)) -> None:
        super().__init__()
        self.obs_dim = obs_dim
        self.net = mlp([obs_dim, *hidden, n_actions])

    def forward(self, obs: Tensor) -> Tensor:
        """`[B, obs_dim] -> [B, A]`."""
        _expect(obs, self.obs_dim, "observations")
        return self.net(obs)


class Critic(nn.Module):
    """Q(s, a) for continuous actions: observation and action in, one value out.

    Args:
        obs_dim: entries of an observation.
        act_dim: entries of an action.
        hidden: widths of the hidden layers.
    """

    @finished_version_of("ContinuousQ")
    def __init__(self, obs_dim: int, act_dim: int, hidden: Sequence[int] = (64, 64)) -> None:
        super().__init__()
        self.obs_dim, self.act_dim = obs_dim, act_dim
        self.net = mlp([obs_dim + act_dim, *hidden, 1])

    def forward(self, obs: Tensor, action: Tensor) -> Tensor:
        """`[B, obs_dim], [B, act_dim] -> [B]`."""
        _expect(obs, self.obs_dim, "observations")
        _expect(action, self.act_dim, "actions")
        return self.net(torch.cat([obs, action], dim=-1)).squeeze(-1)


class StackedLinear(nn.Module):
    """`n` linear layers of one shape computed by one batched product.

    Args:
        n: number of layers.
        n_in: width of the inputs.
        n_out: width of the outputs.
    """

    def __init__(self, n: int, n_in: int, n_out: int) -> None:
        super().__init__()
        bound = 1 / math.sqrt(n_in)  # what nn.Linear draws from
        self.weight = nn.Parameter(torch.empty(n, n_in, n_out).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(n, 1, n_out).uniform_(-bound, bound))

    def forward(self, x: Tensor) -> Tensor:
        """`[n, B, n_in] -> [n, B, n_out]`."""
        return torch.baddbmm(self.bias, x, self.weight)


class TwinCritic(nn.Module):
    """Two independent critics, computed together: `twin(obs, action)` is `[2, B]`.

    Small networks cost calls and not arithmetic, so two critics in one batched product cost little
    more than one. The minimum over both is `twin(obs, action).min(dim=0).values`, `[B]`.

    Args:
        obs_dim: entries of an observation.
        act_dim: entries of an action.
        hidden: widths of the hidden layers.
        n: how many critics, 2 unless an ensemble is wanted.
    """

    @finished_version_of("ContinuousQ")
    def __init__(
        self, obs_dim: int, act_dim: int, hidden: Sequence[int] = (64, 64), n: int = 2
    ) -> None:
        super().__init__()
        if n < 1:
            raise ValueError(f"n = {n}: at least one critic.")
        self.n, self.obs_dim, self.act_dim = n, obs_dim, act_dim
        sizes = [obs_dim + act_dim, *hidden, 1]
        self.layers = nn.ModuleList(
            StackedLinear(n, n_in, n_out) for n_in, n_out in pairwise(sizes)
        )

    def forward(self, obs: Tensor, action: Tensor) -> Tensor:
        """`[B, obs_dim], [B, act_dim] -> [n, B]`."""
        _expect(obs, self.obs_dim, "observations")
        _expect(action, self.act_dim, "actions")
        x = torch.cat([obs, action], dim=-1).expand(self.n, -1, -1)
        *inner, last = self.layers
        for layer in inner:
            x = torch.relu(layer(x))
        return last(x).squeeze(-1)


class GaussianActor(nn.Module):
    """The policy of SAC before tanh: mean and log standard deviation of a Gaussian for each entry.

    Args:
        obs_dim: entries of an observation.
        act_dim: entries of an action.
        hidden: widths of the hidden layers, at least one.
    """

    def __init__(self, obs_dim: int, act_dim: int, hidden: Sequence[int] = (64, 64)) -> None:
        super().__init__()
        self.obs_dim, self.act_dim = obs_dim, act_dim
        self.net = mlp([obs_dim, *hidden, 2 * act_dim])

    def forward(self, obs: Tensor) -> tuple[Tensor, Tensor]:
        """`[B, obs_dim] -> mu [B, act_dim], log_std [B, act_dim]`, the latter clamped."""
        _expect(obs, self.obs_dim, "observations")
        mu, log_std = self.net(obs).split(self.act_dim, dim=-1)
        return mu, log_std.clamp(LOG_STD_MIN, LOG_STD_MAX)
