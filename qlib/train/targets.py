"""Target networks: a copy now and then, or a slow follower."""

from __future__ import annotations

import torch
from torch import nn

from qlib.closed_book import finished_version_of


@finished_version_of("hard_update")
@torch.no_grad()
def hard_update(target: nn.Module, net: nn.Module) -> None:
    """θ' ← θ, in place: parameters and buffers."""
    for kept, new in zip(_tensors(target), _tensors(net), strict=True):
        kept.copy_(new)


@finished_version_of("soft_update")
@torch.no_grad()
def soft_update(target: nn.Module, net: nn.Module, tau: float) -> None:
    """θ' ← (1-τ) θ' + τ θ, in place; buffers are copied.

    Source: T. Lillicrap et al. (2016), Continuous control with deep reinforcement learning, Sec. 3.

    Args:
        target: the network that follows.
        net: the network that is followed.
        tau: in [0, 1].
    """
    torch._foreach_lerp_(list(target.parameters()), list(net.parameters()), tau)
    for kept, new in zip(target.buffers(), net.buffers(), strict=True):
        kept.copy_(new)


def _tensors(net: nn.Module) -> list[torch.Tensor]:
    return [*net.parameters(), *net.buffers()]
