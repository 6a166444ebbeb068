"""Whole MLPs as one operation: those of R seeds, under `Mapped`, and the critics of one agent.

Autograd builds a node for each layer and each activation, and vmap sends every one of them through
its own rules. `apply_mlp` is one node for all layers, below vmap, with the backward pass of an MLP
written out: with x₀ the input, z = x W + b, x = max(z, 0) and g the gradient of the loss with
respect to z, a layer has ∂W = xᵀ g, ∂b = Σ g and ∂x = g Wᵀ, masked where the activation was 0.

A layer of a few outputs is multiplied the other way round, zᵀ = Wᵀ xᵀ: batched products of tall and
narrow matrices take several times as long as of flat ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from qlib.nets import StackedLinear, TwinCritic
from qlib.train.packed import NARROW

threshold_backward = torch.ops.aten.threshold_backward


class Layers:
    """The parameters of G MLPs, as the products of `apply_mlp` want them.

    Args:
        leaves: weight, bias, weight, bias, …: `[R, out, in]` and `[R, out]` of `nn.Linear` (G is
            R), or `[n, in, out]` and `[n, 1, out]` of `StackedLinear` (G is n), or `[R, n, in,
            out]` and `[R, n, 1, out]` of R of these (G is R·n).
        stacked: whether they come from `StackedLinear`.

    Attributes:
        shapes: of the leaves.
        weights: views `[G, in, out]`.
        biases: views `[G, 1, out]`.

    Raises:
        RuntimeError: where the leaves lie so that there is no such view.
    """

    def __init__(self, leaves: list[Tensor], stacked: bool) -> None:
        self.leaves, self.stacked = leaves, stacked
        self.shapes = [leaf.shape for leaf in leaves]
        self.weights = [
            leaf.detach().view(-1, *leaf.shape[-2:]) if stacked else leaf.detach().transpose(1, 2)
            for leaf in leaves[::2]
        ]
        self.biases = [
            bias.detach().view(weight.shape[0], 1, -1)
            for weight, bias in zip(self.weights, leaves[1::2], strict=True)
        ]


class _MLP(torch.autograd.Function):
    """Linear layers with ReLU between them; see `apply_mlp`."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, layers: Layers, wanted: Callable[[int], bool], *leaves: Tensor
    ) -> Tensor:
        inputs, last = [x], len(layers.weights) - 1
        for i, (weight, bias) in enumerate(zip(layers.weights, layers.biases, strict=True)):
            x = _layer(x, weight, bias)
            if i < last:
                inputs.append(x.relu_())
        ctx.save_for_backward(*inputs, *layers.weights)
        ctx.wanted, ctx.layers = wanted, layers
        return x

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, ...]:
        n = len(ctx.saved_tensors) // 2
        inputs, weights = ctx.saved_tensors[:n], ctx.saved_tensors[n:]
        needed, found = ctx.needs_input_grad, [None] * (2 * n)
        of_weight = _of_stacked if ctx.layers.stacked else _of_linear
        for i in reversed(range(n)):
            for j in (2 * i, 2 * i + 1):
                if needed[3 + j] and ctx.wanted(j):
                    shape = ctx.layers.shapes[j]
                    found[j] = of_weight(inputs[i], g, shape) if j % 2 == 0 else _of_bias(g, shape)
            if i == 0 and not needed[0]:
                return None, None, None, *found
            if not any(needed[: 3 + 2 * i]):
                return None, None, None, *found
            g = _back(g, weights[i])
            if i:
                g = threshold_backward.grad_input(g, inputs[i], 0, grad_input=g)
        return g, None, None, *found


def _layer(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Outputs x W + b, `[G, B, out]`."""
    if weight.shape[2] >= NARROW:
        return torch.baddbmm(bias, x, weight)
    flat = torch.baddbmm(bias.transpose(1, 2), weight.transpose(1, 2), x.transpose(1, 2))
    return flat.transpose(1, 2)


def _of_stacked(x: Tensor, g: Tensor, shape: torch.Size) -> Tensor:
    """Gradient of a weight of `StackedLinear`, in the shape of its leaf."""
    narrow = shape[-1] < NARROW
    return (torch.bmm(g.mT, x).mT if narrow else torch.bmm(x.mT, g)).reshape(shape)


def _of_linear(x: Tensor, g: Tensor, shape: torch.Size) -> Tensor:
    """Gradient of a weight of `nn.Linear`, in the shape of its leaf."""
    return torch.bmm(g.mT, x) if shape[1] < NARROW else torch.bmm(x.mT, g).mT


def _of_bias(g: Tensor, shape: torch.Size) -> Tensor:
    return g.sum(dim=1).view(shape)


def _back(g: Tensor, weight: Tensor) -> Tensor:
    """G Wᵀ, `[G, B, in]`; an outer product where there is one output."""
    return g * weight.mT if weight.shape[2] == 1 else torch.bmm(g, weight.mT)


def apply_mlp(x: Tensor, layers: Layers, wanted: Callable[[int], bool]) -> Tensor:
    """Outputs of G MLPs on their own inputs: `[G, B, in] -> [G, B, out]`.

    Args:
        x: inputs.
        layers: their parameters.
        wanted: whether the gradient of a leaf, named by its place in `layers.leaves`, is asked for.
    """
    return _MLP.apply(x, layers, wanted, *layers.leaves)


class FusedTwin:
    """The critics of one agent as one operation, as `sac_update` wants them.

    Their parameters get a gradient only where the action asks for none: the critics learn from
    actions that were taken, the actor from what they say of its own. There is no second derivative.

    Args:
        twin: the critics; their parameters stay where they are.
    """

    def __init__(self, twin: TwinCritic) -> None:
        leaves = [p for layer in twin.layers for p in (layer.weight, layer.bias)]
        self.n, self.layers = twin.n, Layers(leaves, stacked=True)

    def __call__(self, obs: Tensor, action: Tensor) -> Tensor:
        """`[B, obs_dim], [B, act_dim] -> [n, B]`."""
        learn = not action.requires_grad
        x = torch.cat([obs, action], dim=-1).expand(self.n, -1, -1)
        return apply_mlp(x, self.layers, lambda _: learn).view(self.n, -1)


def chain(module: nn.Module) -> list[str] | None:
    """Names of the layers of an MLP in order, or None where a module is none that is known here.

    Known are an `nn.Sequential` of `nn.Linear` with `nn.ReLU` between them, and a `TwinCritic`.
    """
    if isinstance(module, nn.Sequential):
        inner = list(module.named_children())
        kinds = [type(child) for _, child in inner]
        if kinds != [nn.Linear, nn.ReLU] * (len(kinds) // 2) + [nn.Linear]:
            return None
        if any(child.bias is None for _, child in inner[::2]):
            return None
        return [name for name, _ in inner[::2]]
    if type(module) is TwinCritic and all(type(x) is StackedLinear for x in module.layers):
        return [f"layers.{i}" for i in range(len(module.layers))]
    return None
