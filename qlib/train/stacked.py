"""R networks of one form, of which an update sees one, and Adam for them."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch._C import _functorch as functorch

from qlib.nets import TwinCritic
from qlib.train.fused import Layers, apply_mlp, chain
from qlib.train.packed import AdamBlock, Packed
from qlib.train.rules import CannotMapError, below

if TYPE_CHECKING:
    from qlib.train.mapped import Mapped


class MappedNet:
    """R networks of one form, of which the update sees one.

    Args:
        nets: the R networks; they are only read.
        trained: whether gradients are taken with respect to the parameters.

    Attributes:
        packed: all parameters.
        module: what the update gets; its parameters are put in for each update.
        shown: name -> the parameter that the update sees now.
        homes: name -> the gradient it sees, where that lies in the block.
    """

    def __init__(self, nets: Sequence[nn.Module], trained: bool = True) -> None:
        self.packed = Packed(nets, transposed=True)
        self.trained = trained
        for leaf in self.packed.stacked.values():
            leaf.requires_grad_(trained)
        self._form = copy.deepcopy(nets[0])
        self.module = copy.deepcopy(nets[0])
        self.shown: dict[str, Tensor] = {}
        self.homes: dict[str, Tensor] = {}
        self.level = -1
        self.slots = []  # name, the dictionary of the module that holds it, its name there
        for name in self.packed.stacked:
            owner, _, last = name.rpartition(".")
            self.slots.append((name, self.module.get_submodule(owner)._parameters, last))

    def show(self, level: int) -> None:
        """Let the module's parameters be one agent's view of the stacked ones.

        The views of the last update are used again, so a gradient stays until `zero_grad`.
        """
        if level != self.level:
            self.level = level
            self.homes.clear()
            for name, leaf in self.packed.stacked.items():
                self.shown[name] = functorch._add_batch_dim(leaf, 0, level)
        for name, parameters, last in self.slots:
            parameters[last] = self.shown[name]

    def fuse(self, mapped: Mapped) -> None:
        """Let the MLPs in the module run as one operation where that changes nothing."""
        for prefix, part in self.module.named_modules():
            chained = chain(part)
            if chained is None:
                continue
            dot = f"{prefix}." if prefix else ""
            names = [f"{dot}{layer}.{kind}" for layer in chained for kind in ("weight", "bias")]
            with suppress(RuntimeError):  # lies otherwise in memory
                part.forward = self._fused(mapped, part, names)

    def _fused(self, mapped: Mapped, part: nn.Module, names: list[str]) -> Callable[..., Tensor]:
        """The forward pass of a part of the module; see `qlib.train.fused`."""
        twin = isinstance(part, TwinCritic)
        layers = Layers([self.packed.stacked[name] for name in names], stacked=twin)
        slots = [slot for slot in self.slots if slot[0] in names]
        ids, ordinary, shown = [id(leaf) for leaf in layers.leaves], part.forward, self.shown
        first = layers.shapes[0]
        width = first[2]  # of the inputs, in both forms

        def wanted(j: int) -> bool:
            return ids[j] in mapped.wanted

        def fits(inputs: tuple[Tensor, ...]) -> bool:
            return (
                all(functorch.maybe_get_level(x) == mapped.level and x.dim() == 2 for x in inputs)
                and sum(x.shape[1] for x in inputs) == width
                and all(parameters.get(last) is shown[n] for n, parameters, last in slots)
            )

        def forward(*inputs: Tensor) -> Tensor:
            with torch._C.DisableTorchFunction():
                fused = fits(inputs)
            if not fused:
                return ordinary(*inputs)
            physical = [mapped.physical(x) for x in inputs]
            with below():
                if twin:
                    x = torch.cat(physical, dim=-1)[:, None].expand(-1, first[1], -1, -1)
                    out = apply_mlp(x.flatten(0, 1), layers, wanted)
                    out = out.view(-1, first[1], out.shape[1])  # [R, n, B]
                else:
                    out = apply_mlp(*physical, layers, wanted)
            return functorch._add_batch_dim(out, 0, mapped.level)

        return forward

    def net(self, run: int) -> nn.Module:
        """A copy of the network of one run."""
        net = copy.deepcopy(self._form)
        self.packed.pull(net, run)
        return net


class MappedAdam(AdamBlock):
    """Adam for a `MappedNet`; to the update, the optimiser of one agent.

    Args:
        net: what is optimised.
        lr: learning rate.
        eps: added to the root of the second moment.
    """

    def __init__(self, net: MappedNet, lr: float, eps: float = 1e-8) -> None:
        super().__init__(net.packed, lr, eps)
        self.net = net
        self.mapped: Mapped | None = None

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """As in torch: the parameters that the update sees, and the learning rate."""
        return [{"params": list(self.net.shown.values()), "lr": self.lr}]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients."""
        for p in self.net.shown.values():
            p.grad = None

    def descend(
        self, loss: Tensor, max_norm: float = math.inf, norm: bool = False
    ) -> Tensor | None:
        """As `Adam.descend`, for all seeds."""
        found = self.mapped.differentiate(loss, list(self.packed.stacked.values()), None)
        with below():
            home = self.packed.stacked_grads.values()
            pairs = [(view, g) for view, g in zip(home, found, strict=True) if g is not None]
            if len(pairs) < len(found):
                self.packed.grads.zero_()
            torch._foreach_copy_(*map(list, zip(*pairs, strict=True)))
            before = self._clip(max_norm) if norm or not math.isinf(max_norm) else None
            self.advance()
        return None if before is None else functorch._add_batch_dim(before, 0, self.mapped.level)

    def clip(self, max_norm: float) -> Tensor:
        """Scale each seed's gradient down to `max_norm`; the norm before, 0-dim to the update."""
        self._gather()
        with below():
            norm = self._clip(max_norm)
        return functorch._add_batch_dim(norm, 0, self.mapped.level)

    def _clip(self, max_norm: float) -> Tensor:
        grads = self.packed.grads
        norm = torch.linalg.vector_norm(grads, dim=1)
        if not math.isinf(max_norm):
            grads.mul_((max_norm / (norm + 1e-6)).clamp_(max=1.0)[:, None])
        return norm

    def step(self) -> None:
        """One step of Adam for all seeds."""
        self._gather()
        with below():
            self.advance()

    def _gather(self) -> None:
        """Bring all gradients into the block, wherever the update left them."""
        for name, p in self.net.shown.items():
            grad = p.grad
            if grad is None:
                raise CannotMapError(f"the parameter {name} got no gradient before opt.step()")
            if self.net.homes.get(name) is not grad:
                given = self.mapped.physical(grad)
                with below():
                    self.packed.stacked_grads[name].copy_(given)
