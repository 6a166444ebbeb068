"""The numbers inside a network: out as plain arrays, back in, and a forward pass in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn


def state(net: nn.Module) -> dict[str, NDArray[Any]]:
    """The parameters and buffers of a network as plain arrays, copies.

    What a checkpoint stores and what passes between processes; `load` is the way back.
    """
    return {name: value.detach().cpu().numpy().copy() for name, value in net.state_dict().items()}


def load(net: nn.Module, arrays: Mapping[str, Any]) -> None:
    """Copy arrays made by `state` into a network, all or nothing.

    Raises:
        ValueError: if names or shapes differ, or a number is not finite; says which.
    """
    own = net.state_dict()
    if set(own) != set(arrays):
        missing, extra = sorted(set(own) - set(arrays)), sorted(set(arrays) - set(own))
        raise ValueError(
            f"the arrays do not belong to this network: missing {missing}, not known {extra}."
        )
    tensors = {}
    for name, value in own.items():
        given = np.asarray(arrays[name])
        if given.shape != tuple(value.shape) or given.dtype.kind not in "biuf":
            raise ValueError(
                f"{name} has shape {tuple(value.shape)} in this network, but the array is "
                f"{given.dtype} of shape {given.shape}."
            )
        if not np.isfinite(given).all():
            raise ValueError(f"{name} holds numbers that are not finite.")
        tensors[name] = torch.tensor(given, dtype=value.dtype)
    net.load_state_dict(tensors)


def numpy_policy(net: nn.Module) -> Callable[[NDArray[Any]], NDArray[np.float32]]:
    """The forward pass of an MLP in NumPy, on the network's own memory.

    For acting: one observation through torch costs several times what it costs here. The weights
    are shared and not copied, so training in place (any optimiser, `load`) is seen at once; a
    network moved to another device or given new parameters needs a new `numpy_policy`.

    Args:
        net: an `nn.Sequential` of `Linear`, `ReLU` and `Tanh` on the CPU, or a module whose only
            child is one (`QNetwork`, `GaussianActor`, `Critic`).

    Returns:
        A function `obs [..., n_in] -> output [..., n_out]`: what the last layer gives. For a
        `GaussianActor` that is mu and log_std side by side, not clamped.

    Raises:
        TypeError: for other modules; act through torch then.
    """
    layers = list(_layers(net))

    def forward(obs: NDArray[Any]) -> NDArray[np.float32]:
        x = np.asarray(obs, dtype=np.float32)
        for weight, bias, act in layers:
            x = x @ weight.T
            if bias is not None:
                x += bias
            if act is not None:
                act(x)
        return x

    return forward


def _relu(x: NDArray[np.float32]) -> None:
    np.maximum(x, 0.0, out=x)


def _tanh(x: NDArray[np.float32]) -> None:
    np.tanh(x, out=x)


def _layers(net: nn.Module) -> Iterator[tuple[NDArray, NDArray | None, Callable | None]]:
    """Weight, bias and activation of each layer, as views of the parameters."""
    while not isinstance(net, nn.Sequential):
        children = list(net.children())
        if len(children) != 1 or list(net.parameters(recurse=False)):
            raise TypeError(
                f"numpy_policy reads one nn.Sequential of Linear, ReLU and Tanh, not {net}. "
                "Act through torch: `with torch.no_grad(): net(obs)`."
            )
        net = children[0]
    modules = list(net)
    acts = {nn.ReLU: _relu, nn.Tanh: _tanh}
    for i, module in enumerate(modules):
        following = modules[i + 1] if i + 1 < len(modules) else None
        if isinstance(module, nn.Linear):
            if module.weight.device.type != "cpu":
                raise TypeError(
                    f"numpy_policy needs weights on the CPU, not {module.weight.device}."
                )
            bias = None if module.bias is None else module.bias.detach().numpy()
            yield module.weight.detach().numpy(), bias, acts.get(type(following))
        elif type(module) not in acts or i == 0 or not isinstance(modules[i - 1], nn.Linear):
            raise TypeError(f"numpy_policy knows Linear, ReLU and Tanh in turn, not {module}.")
