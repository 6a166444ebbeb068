"""Parameters in one block: an optimiser step is then one call and not one for each tensor.

On networks of this size an update costs calls and not arithmetic. `Packed` moves the parameters
of a network, or of R equal networks, and their gradients into one array `[R, n]` each. The
parameters of the modules become views of it, so nothing else changes for whoever uses them.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

NARROW = 16
"""A layer with fewer outputs is kept, and multiplied, the other way round; see `fused`."""


class Packed:
    """The parameters of R networks of the same form, and their gradients, as `[R, n]` arrays.

    Args:
        nets: networks (or single parameters) with equal names and shapes. With one network its own
            parameters become views of the block; several are only read.
        transposed: arrange the numbers as batched products want them, and as gradients come:
            matrices [out, in] as [in, out], unless there are few outputs; and where all
            parameters are stacks of n, each of the n in one piece.

    Attributes:
        values: all parameters, `[R, n]`.
        grads: their gradients, `[R, n]`.
        stacked: name -> leaf tensor `[R, *shape]`, a view of `values`.
        stacked_grads: name -> `[R, *shape]`, a view of `grads`.
        spans: name -> the same gradients as they lie in memory, `[R, pieces, length]`.
    """

    def __init__(self, nets: Sequence[nn.Module], transposed: bool = False) -> None:
        tables = [dict(net.named_parameters()) for net in nets]
        shapes = {name: p.shape for name, p in tables[0].items()}
        if any({k: p.shape for k, p in table.items()} != shapes for table in tables):
            raise ValueError("networks side by side need parameters of equal names and shapes.")
        first, size = (
            next(iter(tables[0].values())),
            sum(shape.numel() for shape in shapes.values()),
        )
        self.values = torch.zeros(len(nets), size, dtype=first.dtype, device=first.device)
        self.grads = torch.zeros_like(self.values)
        self.stacked = _views(self.values, shapes, transposed)
        self.stacked_grads = _views(self.grads, shapes, transposed)
        self.spans = _spans(self.grads, shapes, transposed)
        for name, leaf in self.stacked.items():
            leaf.copy_(torch.stack([table[name].detach() for table in tables]))
            leaf.requires_grad_()
        if len(nets) == 1:
            self.own = list(tables[0].values())
            for name, p in tables[0].items():
                p.data = self.stacked[name].detach()[0]

    def pull(self, net: nn.Module, run: int) -> None:
        """Copy the parameters of one run into a network."""
        with torch.no_grad():
            for name, p in net.named_parameters():
                p.copy_(self.stacked[name][run])


def _spans(block: Tensor, shapes: dict[str, torch.Size], transposed: bool) -> dict[str, Tensor]:
    """Where each parameter lies in a block `[R, n]`: `[R, pieces, length]`."""
    stacked = transposed and all(len(shape) == 3 for shape in shapes.values())
    sizes = {shape[0] for shape in shapes.values()} if stacked else set()
    pieces = sizes.pop() if len(sizes) == 1 else 1
    lengths = [shape.numel() // pieces for shape in shapes.values()]
    parts = block.unflatten(1, (pieces, -1)).split(lengths, dim=2)
    return dict(zip(shapes, parts, strict=True))


def _views(block: Tensor, shapes: dict[str, torch.Size], transposed: bool) -> dict[str, Tensor]:
    """Views `[R, *shape]` of the parameters in a block `[R, n]`."""
    views = {}
    for name, span in _spans(block, shapes, transposed).items():
        shape = shapes[name]
        if transposed and len(shape) == 2 and shape[0] >= NARROW:
            views[name] = span[:, 0].unflatten(1, (shape[1], shape[0])).transpose(1, 2)
        elif span.shape[1] > 1:
            views[name] = span.unflatten(2, shape[1:])
        else:
            views[name] = span[:, 0].unflatten(1, shape) if shape else span[:, 0, 0]
    return views


class AdamBlock:
    """The arithmetic of Adam on a packed block, by torch's fused kernel.

    Elementwise, so that one step serves R networks at once. The kernel ignores strides, hence it
    only ever sees whole contiguous blocks.

    Args:
        packed: what is optimised.
        lr: learning rate.
        eps: added to the root of the second moment.
    """

    def __init__(self, packed: Packed, lr: float, eps: float = 1e-8) -> None:
        self.packed, self.eps = packed, eps
        self.mean, self.square = torch.zeros_like(packed.values), torch.zeros_like(packed.values)
        self.steps = torch.zeros((), dtype=torch.float32, device=packed.values.device)
        self.lr = lr

    @torch.no_grad()
    def advance(self) -> None:
        """One step with the gradients in the block."""
        self.steps += 1
        torch._fused_adam_(
            [self.packed.values], [self.packed.grads], [self.mean], [self.square], [],
            [self.steps], amsgrad=False, beta1=0.9, beta2=0.999, lr=self.lr, weight_decay=0.0,
            eps=self.eps, maximize=False,
        )  # fmt: skip

    def state(self) -> dict[str, Any]:
        """Moments, number of steps and learning rate as plain data."""
        moments = {"mean": self.mean, "square": self.square, "steps": self.steps}
        arrays = {name: x.cpu().numpy().copy() for name, x in moments.items()}
        return {"lr": self.lr, **arrays}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a `state()`.

        Raises:
            ValueError: if it belongs to other parameters.
        """
        if np.shape(state["mean"]) != tuple(self.mean.shape):
            raise ValueError(
                f"the state is of {np.shape(state['mean'])} parameters, not of "
                f"{tuple(self.mean.shape)}."
            )
        self.lr = float(state["lr"])
        for name in ("mean", "square", "steps"):
            getattr(self, name).copy_(torch.as_tensor(np.asarray(state[name])))


class Adam(AdamBlock):
    """Adam for one packed network; to whoever calls it, an optimiser of `torch.optim`.

    Args:
        packed: what is optimised: one network, whose parameters are its `param_groups`.
        lr: learning rate.
        eps: added to the root of the second moment.
    """

    def __init__(self, packed: Packed, lr: float, eps: float = 1e-8) -> None:
        super().__init__(packed, lr, eps)
        self.views = [g[0] for g in packed.stacked_grads.values()]
        self.zero_grad()

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """As in torch: the parameters and the learning rate (set `lr` to change it)."""
        return [{"params": self.packed.own, "lr": self.lr}]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients; `set_to_none` is accepted and changes nothing."""
        self.packed.grads.zero_()
        for p, view in zip(self.packed.own, self.views, strict=True):
            p.grad = view

    def descend(
        self, loss: Tensor, max_norm: float = math.inf, norm: bool = False
    ) -> Tensor | None:
        """Take the gradient of `loss` for these parameters only, clip it, make a step.

        Args:
            loss: 0-dim.
            max_norm: the gradient's norm is scaled down to it where it is larger.
            norm: whether the norm before clipping is wanted.

        Returns:
            The norm, 0-dim; None where it is neither wanted nor needed for clipping.
        """
        self.zero_grad()
        loss.backward(inputs=self.packed.own)
        before = self.clip(max_norm) if norm or not math.isinf(max_norm) else None
        self.advance()
        return before

    def clip(self, max_norm: float) -> Tensor:
        """Scale the gradient down to `max_norm` where it is longer; its norm before, 0-dim."""
        self._gather()
        norm = torch.linalg.vector_norm(self.packed.grads)
        if not math.isinf(max_norm):
            self.packed.grads.mul_((max_norm / (norm + 1e-6)).clamp_(max=1.0))
        return norm

    def step(self) -> None:
        """One step of Adam with the gradients as they are."""
        self._gather()
        self.advance()

    def _gather(self) -> None:
        """Bring gradients that somebody replaced (`p.grad = ...`) back into the block."""
        for p, view in zip(self.packed.own, self.views, strict=True):
            if p.grad is not view:
                if p.grad is None:
                    view.zero_()
                else:
                    view.copy_(p.grad)
                p.grad = view


def keep_memory() -> bool:
    """Ask glibc to keep freed memory instead of returning it; True where that is possible.

    Tensors of some hundred kilobytes are otherwise given back to the system and faulted in again
    in every update, which costs more than the arithmetic.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False  # not glibc
    trim_threshold, mmap_threshold, large = -1, -3, 1 << 30
    return bool(mallopt(trim_threshold, large)) and bool(mallopt(mmap_threshold, large))
