"""Acting and judging for many runs at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from qlib.envs.deep import BatchEnv
from qlib.nets import numpy_policy
from qlib.train.evaluation import play
from qlib.train.stacked import MappedNet

Policy = Callable[[NDArray], NDArray]


def stacked_policy(net: MappedNet) -> Policy:
    """Forward pass of R networks: `[R, n, obs_dim] -> [R, n, out]`, on their own parameters.

    In NumPy for networks of Linear, ReLU and Tanh on the CPU, else through torch's vmap. Of a
    network that returns several tensors, they come side by side.
    """
    block = net.packed.values
    if block.device.type == "cpu":
        try:
            numpy_policy(net.net(0))
        except TypeError:
            return _through_torch(net)
        return _through_numpy(net)
    return _through_torch(net)


def _through_numpy(net: MappedNet) -> Policy:
    steps: list[tuple[NDArray, NDArray | None] | Callable[[NDArray], None]] = []
    arrays = {name: leaf.detach().numpy() for name, leaf in net.packed.stacked.items()}
    for name, module in net.module.named_modules():
        if isinstance(module, nn.Linear):
            bias = arrays.get(f"{name}.bias")  # [R, out]
            weight = arrays[f"{name}.weight"].transpose(0, 2, 1)  # [R, in, out]
            steps.append((weight, None if bias is None else bias[:, None]))
        elif isinstance(module, nn.ReLU):
            steps.append(lambda x: np.maximum(x, 0.0, out=x))
        elif isinstance(module, nn.Tanh):
            steps.append(lambda x: np.tanh(x, out=x))

    def forward(obs: NDArray) -> NDArray:
        x = np.asarray(obs, dtype=np.float32)
        for step in steps:
            if callable(step):
                step(x)
            else:
                weight, bias = step
                x = np.matmul(x, weight)
                if bias is not None:
                    x += bias
        return x

    return forward


def _through_torch(net: MappedNet) -> Policy:
    module, stacked = net.net(0), net.packed.stacked
    device = net.packed.values.device

    def one(parameters: dict[str, torch.Tensor], obs: torch.Tensor) -> torch.Tensor:
        out = torch.func.functional_call(module, parameters, (obs,))
        return torch.cat(out, dim=-1) if isinstance(out, tuple) else out

    every = torch.func.vmap(one)

    @torch.no_grad()
    def forward(obs: NDArray) -> NDArray:
        return every(stacked, torch.as_tensor(obs, device=device)).cpu().numpy()

    return forward


def judge(
    policy: Policy, choose: Callable[[NDArray], NDArray], world: BatchEnv, seeds: Sequence[int]
) -> NDArray[np.float64]:
    """Greedy episodes of R runs on the same seeds: episode returns, `[R, len(seeds)]`.

    Args:
        policy: `[R, n, obs_dim] -> [R, n, out]`.
        choose: from outputs `[R * n, out]` to actions.
        world: R * n lanes.
        seeds: n seeds.
    """
    n = len(seeds)
    runs = world.n_lanes // n

    def act(obs: NDArray) -> NDArray:
        out = policy(obs.reshape(runs, n, -1))
        return choose(out.reshape(runs * n, -1))

    return play(act, world, [*seeds] * runs).reshape(runs, n)
