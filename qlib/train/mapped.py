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

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch._C import _functorch as functorch
from torch._functorch.vmap import vmap_increment_nesting

from qlib.train.rules import CannotMapError, Number, Rules, below, in_words
from qlib.train.stacked import MappedAdam, MappedNet

NAN_BITS = 0x7FF8_0000_0000_0000
"""A quiet NaN; its low bits carry the number of a token through `float()`."""


class Mapped:
    """Runs an update of one agent for R agents.

    Args:
        nets: every network the update may touch.
        optimisers: those it may step.
        runs: R.

    Attributes:
        unknown: keys of what the update returns that cannot be told apart by seed.
        plain: the update is known to need no rule, so torch's calls need not be looked at one by
            one. If it needs one after all, vmap refuses and the update cannot be mapped.
    """

    def __init__(
        self, nets: Sequence[MappedNet], optimisers: Sequence[MappedAdam], runs: int
    ) -> None:
        self.nets, self.runs = list(nets), runs
        self.rules = Rules(self)
        self.wanted: set[int] = set()  # ids of the leaves that a backward pass is for
        for net in self.nets:
            net.fuse(self)
        for optimiser in optimisers:
            optimiser.mapped = self
        self.level = -1
        self.tokens: list[NDArray[np.float64]] = []
        self.unknown: set[str] = set()
        self.plain = False
        self.thawed = False  # did the update freeze or thaw a parameter?

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
            with torch._C.DisableTorchFunction():
                return {key: self._decode(key, value) for key, value in (out or {}).items()}

    @contextmanager
    def _under_vmap(self) -> Iterator[None]:
        try:
            rules = nullcontext() if self.plain else self.rules
            with vmap_increment_nesting(self.runs, "error") as self.level, rules:
                for net in self.nets:
                    net.show(self.level)
                yield
        except CannotMapError:
            raise
        except Exception as error:  # vmap's own limits come as any kind of error
            raise CannotMapError(in_words(error)) from error
        finally:
            if self.thawed:
                self.thawed = False
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
        self.wanted = {id(leaf) for leaf in leaves}
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
        homes, fresh = [], []  # gradients that live in the block from now on
        for (net, name, _leaf), g in zip(places, found, strict=True):
            p = net.shown[name]
            if g is not None and p.grad is not None:
                p.grad.add_(functorch._add_batch_dim(g, 0, self.level))
            elif g is not None:
                homes.append(net.packed.stacked_grads[name])
                fresh.append(g)
                p.grad = net.homes[name] = functorch._add_batch_dim(homes[-1], 0, self.level)
        if fresh:
            with below():
                torch._foreach_copy_(homes, fresh)

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
            stacked = self.physical(value.detach())
            if stacked.numel() != self.runs:
                numbers = stacked.numel() // self.runs
                raise CannotMapError(f"the update returns {key!r} with {numbers} numbers")
            return stacked.reshape(self.runs)
        if key in self.unknown:
            return np.full(self.runs, np.nan)
        number = float(value)
        bits = struct.unpack("Q", struct.pack("d", number))[0]
        if 1 <= bits - NAN_BITS <= len(self.tokens):
            return self.tokens[bits - NAN_BITS - 1]
        return np.full(self.runs, number)
