"""One agent's update, run for R seeds at once: the learner's own code under `torch.func`'s vmap.

A student writes an update for one agent in ordinary torch: forward, `loss.backward()`,
`clip_grad_norm_`, `opt.step()`. `Mapped` runs this very function once for R agents. Their
parameters lie side by side, `[R, *shape]`; vmap shows the function one agent's shapes and sends
each operation to all of them in one call. Four things vmap does not know are done here:

- `backward` and `torch.autograd.grad` differentiate below vmap, where the stacked parameters are
  ordinary leaves. Seeds do not mix, so the gradient of the sum over seeds is each seed's own.
- `opt.step()` is one step of Adam on the whole block: Adam works number by number.
- `.item()` and `float()` give a token, which becomes one number a seed in what the update returns
  (after `float()` only if nothing is calculated with it).
- `if tensor:` is decided where all seeds agree. Where they do not, `CannotMapError` says so.

Source: R. Zou and H. He (2021), functorch; vmap as in J. Bradbury et al. (2018), JAX.
"""

from __future__ import annotations

import copy
import math
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch._C import _functorch as functorch
from torch._functorch.vmap import vmap_increment_nesting

from qlib.train.packed import AdamBlock, Packed
from qlib.train.rules import CannotMapError, Number, Rules, below, in_words

NAN_BITS = 0x7FF8_0000_0000_0000
"""A quiet NaN; its low bits carry the number of a token through `float()`."""


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

    def show(self, level: int) -> None:
        """Let the module's parameters be one agent's view of the stacked ones."""
        for name, leaf in self.packed.stacked.items():
            owner, _, last = name.rpartition(".")
            parameter = functorch._add_batch_dim(leaf, 0, level)
            self.module.get_submodule(owner)._parameters[last] = parameter
            self.shown[name] = parameter
        self.homes.clear()

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

    def descend(self, loss: Tensor, max_norm: float = math.inf) -> Tensor:
        """Gradient of `loss` for these parameters only, clipped, then a step; the norm before."""
        found = self.mapped.differentiate(loss, list(self.packed.stacked.values()), None)
        with below():
            home = list(self.packed.stacked_grads.values())
            for view, g in zip(home, found, strict=True):
                view.zero_() if g is None else view.copy_(g)
            norm = self._clip(max_norm)
            self.advance()
        return functorch._add_batch_dim(norm, 0, self.mapped.level)

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


class Mapped:
    """Runs an update of one agent for R agents.

    Args:
        nets: every network the update may touch.
        optimisers: those it may step.
        runs: R.

    Attributes:
        unknown: keys of what the update returns that cannot be told apart by seed.
    """

    def __init__(
        self, nets: Sequence[MappedNet], optimisers: Sequence[MappedAdam], runs: int
    ) -> None:
        self.nets, self.runs = list(nets), runs
        for optimiser in optimisers:
            optimiser.mapped = self
        self.level = -1
        self.tokens: list[NDArray[np.float64]] = []
        self.unknown: set[str] = set()

    def __call__(
        self, function: Callable[..., Any], before: tuple, batch: Any, after: tuple
    ) -> dict[str, Tensor | NDArray[np.float64]]:
        """`function(*before, batch, *after)` for all seeds; what it returns, each entry (R,).

        Raises:
            CannotMapError: if it cannot be mapped; the parameters may have changed then.
        """
        self.tokens.clear()
        with self._under_vmap():
            shown = type(batch)(*(functorch._add_batch_dim(x, 0, self.level) for x in batch))
            out = function(*before, shown, *after)
            return {key: self._decode(key, value) for key, value in (out or {}).items()}

    @contextmanager
    def _under_vmap(self) -> Iterator[None]:
        try:
            with vmap_increment_nesting(self.runs, "error") as self.level, Rules(self):
                for net in self.nets:
                    net.show(self.level)
                yield
        except CannotMapError:
            raise
        except Exception as error:  # vmap's own limits come as any kind of error
            raise CannotMapError(in_words(error)) from error
        finally:
            for net in self.nets:
                for leaf in net.packed.stacked.values():
                    leaf.requires_grad_(net.trained)

    def physical(self, x: Tensor) -> Tensor:
        """The tensor of all seeds behind what the update sees, `[R, ...]`."""
        return functorch._remove_batch_dim(x, self.level, self.runs, 0)

    def differentiate(
        self, loss: Tensor, leaves: list[Tensor], retain: bool | None
    ) -> list[Tensor | None]:
        """Gradient of each seed's loss for stacked leaves, each `[R, *shape]` or None."""
        if loss.dim() != 0:
            raise CannotMapError(f"the loss has shape {tuple(loss.shape)} instead of ()")
        stacked = self.physical(loss)
        if not stacked.requires_grad:
            raise CannotMapError("the loss does not depend on any trained parameter")
        with below():
            return list(
                torch.autograd.grad(stacked.sum(), leaves, retain_graph=retain, allow_unused=True)
            )

    def backward(self, loss: Tensor, gradient=None, retain_graph=None, *_: Any, **__: Any) -> None:
        """What `loss.backward()` does for one agent, for all."""
        if gradient is not None:
            raise CannotMapError("backward() got a gradient of its own")
        places = [
            (net, name, net.packed.stacked[name])
            for net in self.nets
            for name in net.shown
            if net.trained and net.packed.stacked[name].requires_grad
        ]
        found = self.differentiate(loss, [leaf for *_, leaf in places], retain_graph)
        for (net, name, _leaf), g in zip(places, found, strict=True):
            self.accumulate(net, name, net.shown[name], g)

    def accumulate(self, net: MappedNet, name: str, p: Tensor, g: Tensor | None) -> None:
        """Add a gradient to `p.grad`, which lives in the block."""
        if g is None:
            return
        if p.grad is not None:
            p.grad.add_(functorch._add_batch_dim(g, 0, self.level))
            return
        home = net.packed.stacked_grads[name]
        with below():
            home.copy_(g)
        p.grad = functorch._add_batch_dim(home, 0, self.level)
        net.homes[name] = p.grad

    def grad(self, outputs: Any, inputs: Any, *_: Any, **options: Any) -> tuple[Tensor | None, ...]:
        """What `torch.autograd.grad(loss, parameters)` does for one agent, for all."""
        loss = outputs if isinstance(outputs, Tensor) else outputs[0]
        wanted = [inputs] if isinstance(inputs, Tensor) else list(inputs)
        known = {id(p): net.packed.stacked[n] for net in self.nets for n, p in net.shown.items()}
        if any(id(p) not in known for p in wanted):
            raise CannotMapError("torch.autograd.grad for something that is no parameter")
        leaves = [known[id(p)] for p in wanted]
        found = self.differentiate(loss, leaves, options.get("retain_graph"))
        return tuple(
            None if g is None else functorch._add_batch_dim(g, 0, self.level) for g in found
        )

    def token(self, values: NDArray[np.float64]) -> float:
        """A NaN that stands for one number a seed; the number itself where all seeds agree."""
        if (values == values[0]).all():
            return float(values[0])
        self.tokens.append(values)
        return struct.unpack("d", struct.pack("Q", NAN_BITS | len(self.tokens)))[0]

    def as_float(self, x: Tensor) -> float:
        """What `float(x)` gives: a plain float, of which arithmetic leaves nothing to be read."""
        return self.token(self.numbers(x))

    def as_item(self, x: Tensor) -> float:
        """What `x.item()` gives: a number that can be calculated with, seed by seed."""
        values = self.numbers(x)
        return Number(self, values) if (values != values[0]).any() else float(values[0])

    def truth(self, x: Tensor) -> bool:
        """The truth value that all seeds share."""
        values = self.numbers(x) != 0
        if values.all() or not values.any():
            return bool(values[0])
        raise CannotMapError("an `if` on a tensor is decided differently by different seeds")

    def numbers(self, x: Tensor) -> NDArray[np.float64]:
        """One number a seed from a tensor with a single element, (R,)."""
        if x.numel() != 1:
            raise CannotMapError(f"a tensor of shape {tuple(x.shape)} is used as a single number")
        stacked = self.physical(x)
        with below():
            return stacked.detach().reshape(self.runs).double().cpu().numpy()

    def _decode(self, key: str, value: Any) -> Tensor | NDArray[np.float64]:
        if isinstance(value, Tensor):
            if value.numel() != 1:
                raise CannotMapError(f"the update returns {key!r} with {value.numel()} numbers")
            return self.physical(value).detach().reshape(self.runs)
        if key in self.unknown:
            return np.full(self.runs, np.nan)
        number = float(value)
        bits = struct.unpack("Q", struct.pack("d", number))[0]
        if 1 <= bits - NAN_BITS <= len(self.tokens):
            return self.tokens[bits - NAN_BITS - 1]
        return np.full(self.runs, number)
