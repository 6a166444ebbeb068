"""Is the mapped update the update? Compared before many seeds run, parameter by parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from qlib.replay import Batch
from qlib.train.config import DQNConfig, SACConfig
from qlib.train.mapped import Mapped
from qlib.train.packed import Adam, Packed
from qlib.train.rules import CannotMapError
from qlib.train.stacked import MappedAdam, MappedNet

RUNS = 3
EPS = 1e-3
"""Of Adam while comparing: at the usual 1e-8 its first step is the sign of a gradient, which
rounding flips where the gradient is next to nothing."""
TOLERANCE = 1e-5
SCALES = (1.0, 1e-3, 1e3)
"""Of the rewards: gradients are clipped in one batch and not in another."""


class Verified(NamedTuple):
    """What is known of an update that can be mapped.

    Attributes:
        unknown: keys of what it returns that differ although the parameters agree.
        plain: it needs none of the rules of `qlib.train.rules`.
    """

    unknown: set[str]
    plain: bool

    def tell(self, mapped: Mapped) -> None:
        """Pass it on to the one that will run the update."""
        mapped.unknown, mapped.plain = self


def compare(
    mapped: Callable[[Any], Any],
    alone: list[Callable[[Any], Any]],
    batches: Iterator[Any],
    sides: list[MappedNet],
    nets: list[list[nn.Module]],
) -> set[str]:
    """Take the same steps both ways and compare all parameters after each.

    Args:
        mapped: one update of all runs with a batch `[RUNS, B, ...]`.
        alone: one update of each run with its part of the batch.
        batches: the batches.
        sides: stacked networks that `mapped` changes.
        nets: for each of `alone`, the networks that it changes, in the order of `sides`.

    Returns:
        Keys of what the update returns that differ although the parameters agree.

    Raises:
        CannotMapError: if the update cannot be mapped, or gives something else.
    """
    unknown: set[str] = set()
    for batch in batches:
        parts = [type(batch)(*(x[k].clone() for x in batch)) for k in range(RUNS)]
        told = [update(part) for update, part in zip(alone, parts, strict=True)]  # errors first
        together = mapped(type(batch)(*(x.clone() for x in batch)))
        for key, values in together.items():
            expected = [float(one[key]) for one in told]
            if not np.allclose(np.asarray(values), expected, 1e-3, 1e-4, equal_nan=True):
                unknown.add(key)
        for side, own in zip(sides, zip(*nets, strict=True), strict=True):
            for k, net in enumerate(own):
                gap = _gap(side, k, net)
                if not gap <= TOLERANCE:
                    raise CannotMapError(
                        f"for all seeds at once the update moves parameters by {gap:.1e} "
                        "elsewhere than for one"
                    )
    return unknown


def _gap(side: MappedNet, k: int, net: nn.Module) -> float:
    """Largest difference of a parameter, relative to 1 where it is large."""
    worst = 0.0
    for name, p in net.named_parameters():
        here, there = side.packed.stacked[name][k].detach(), p.detach()
        equal_ends = here == there  # log alpha = -inf
        apart = torch.where(equal_ends, 0.0, (here - there).abs() / there.abs().clamp(min=1.0))
        worst = max(worst, float(apart.max())) if apart.isfinite().all() else np.inf
    return worst


def verify_dqn(
    update: Callable[..., Any], cfg: DQNConfig, obs_dim: int, n_actions: int
) -> Verified:
    """Compare an update of DQN, mapped and alone; see `compare`.

    Raises:
        CannotMapError: if they differ or it cannot be mapped.
        Exception: whatever the update raises alone.
    """
    from qlib.train.dqn import new_q_net

    nets = [[new_q_net(obs_dim, n_actions, cfg, 2 * k + j) for j in (0, 1)] for k in range(RUNS)]
    q, target = MappedNet([n[0] for n in nets]), MappedNet([n[1] for n in nets], trained=False)
    opt = MappedAdam(q, cfg.learning_rate, EPS)
    mapping = Mapped([q, target], [opt], RUNS)

    def one(net: nn.Module, other: nn.Module) -> Callable[[Any], Any]:
        adam = Adam(Packed([net]), cfg.learning_rate, EPS)
        return lambda batch: update(net, other, adam, batch, cfg)

    def actions(rng: np.random.Generator, shape: tuple[int, ...]) -> Tensor:
        return torch.from_numpy(rng.integers(n_actions, size=shape))

    unknown = compare(
        lambda batch: mapping(update, (q.module, target.module, opt), batch, (cfg,)),
        [one(*pair) for pair in nets],
        _batches(cfg.batch_size, obs_dim, actions),
        [q, target],
        nets,
    )
    return Verified(unknown, not mapping.rules.used)


def verify_sac(update: Callable[..., Any], cfg: SACConfig, obs_dim: int, act_dim: int) -> Verified:
    """Compare an update of SAC, mapped and alone; see `compare`.

    Raises:
        CannotMapError: if they differ or it cannot be mapped.
        Exception: whatever the update raises alone.
    """
    from qlib.train.many import mapped_agent
    from qlib.train.sac import SACAgent, SACBatch, entropy_target, new_nets, rates

    nets = [new_nets(obs_dim, act_dim, cfg, k) for k in range(RUNS)]
    for each in nets:
        each[3].load_state_dict(new_nets(obs_dim, act_dim, cfg, 77)[1].state_dict())
    agent, mapping, sides = mapped_agent(nets, cfg, act_dim, EPS)

    def one(own: list[nn.Module]) -> Callable[[Any], Any]:
        lrs = rates(cfg)
        adams = [Adam(Packed([n]), lr, EPS) if lr else None for n, lr in zip(own, lrs, strict=True)]
        actor, critic, temperature, target = own
        alone = SACAgent(
            actor, critic, target, temperature, *adams[:3], cfg.alpha, entropy_target(cfg, act_dim)
        )
        return lambda batch: update(alone, batch, cfg)

    def actions(rng: np.random.Generator, shape: tuple[int, ...]) -> Tensor:
        return torch.from_numpy(rng.uniform(-1, 1, (*shape, act_dim)).astype(np.float32))

    def with_noise() -> Iterator[SACBatch]:
        rng = np.random.default_rng(1)
        for batch in _batches(cfg.batch_size, obs_dim, actions):
            shape = (2, RUNS, cfg.batch_size, act_dim)
            noise = torch.from_numpy(rng.standard_normal(shape, dtype=np.float32))
            yield SACBatch(*batch, *noise)

    unknown = compare(
        lambda batch: mapping(update, (agent,), batch, (cfg,)),
        [one(own) for own in nets],
        with_noise(),
        sides,
        nets,
    )
    return Verified(unknown, not mapping.rules.used)


def _batches(
    batch_size: int, obs_dim: int, actions: Callable[[np.random.Generator, tuple], Tensor]
) -> Iterator[Batch]:
    """Random transitions, `[RUNS, B, ...]`, with rewards of several sizes."""
    rng = np.random.default_rng(0)
    shape = (RUNS, batch_size)
    for scale in SCALES:
        obs, next_obs = torch.from_numpy(
            rng.standard_normal((2, *shape, obs_dim), dtype=np.float32)
        )
        reward = torch.from_numpy(scale * rng.standard_normal(shape, dtype=np.float32))
        terminated = torch.from_numpy((rng.random(shape) < 0.3).astype(np.float32))
        yield Batch(obs, actions(rng, shape), reward, next_obs, terminated)
