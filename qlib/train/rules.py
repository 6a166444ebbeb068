"""What vmap does not know, and what to do instead: the rules behind `qlib.train.mapped`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch._C import _functorch as functorch
from torch._C._functorch import pop_dynamic_layer_stack, push_dynamic_layer_stack
from torch.nn import functional
from torch.overrides import TorchFunctionMode

if TYPE_CHECKING:
    from qlib.train.mapped import Mapped


class below:  # noqa: N801, it reads as `with below():`
    """Ordinary torch on the stacked tensors, below vmap and without the rules of this module."""

    __slots__ = ("functions", "layer")

    def __enter__(self) -> None:
        self.functions = torch._C.DisableTorchFunction()
        self.functions.__enter__()
        self.layer = pop_dynamic_layer_stack()

    def __exit__(self, *error: object) -> None:
        push_dynamic_layer_stack(self.layer)
        self.functions.__exit__(*error)


class CannotMapError(Exception):
    """The update does something that cannot be done for all seeds at once; says what."""


class Number(float):
    """What `.item()` gives where seeds differ: one number each, and no comparing.

    As a float it is a token of `Mapped`, so that a tensor multiplied by it is NaN.
    """

    def __new__(cls, mapped: Mapped, values: NDArray[np.float64]) -> Number:
        """Make the token of `values`, one number a seed."""
        number = super().__new__(cls, mapped.token(values))
        number.mapped, number.values = mapped, values
        return number

    def _compare(self, other: Any) -> bool:
        raise CannotMapError("a number from .item() is compared, and seeds may differ")

    __lt__ = __le__ = __gt__ = __ge__ = _compare  # type: ignore[assignment]


def _elementwise(name: str) -> Callable[..., Any]:
    def method(self: Number, *others: Any) -> Any:
        values = [x.values if isinstance(x, Number) else x for x in others]
        if not all(isinstance(x, int | float | np.ndarray) for x in values):
            return NotImplemented
        return Number(self.mapped, getattr(self.values, name)(*values))

    return method


for _name in ("neg", "abs", "add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv"):
    setattr(Number, f"__{_name}__", _elementwise(f"__{_name}__"))


class Rules(TorchFunctionMode):
    """Sends what vmap cannot do to `Mapped`.

    Attributes:
        used: whether any rule was needed so far.
    """

    def __init__(self, mapped: Mapped) -> None:
        super().__init__()
        self.mapped = mapped
        self.used = False
        self.rules: dict[Any, Callable[..., Any]] = {
            Tensor.backward: mapped.backward,
            torch.autograd.grad: mapped.grad,
            Tensor.item: mapped.as_item,
            Tensor.__float__: mapped.as_float,
            Tensor.__bool__: mapped.truth,
            Tensor.data.__get__: lambda x: x.detach(),
            Tensor.data.__set__: lambda x, value: _set_data(x, value),
            Tensor.requires_grad_: self._requires_grad,
            Tensor.lerp_: self._lerp,
            functional.linear: self._linear,
            torch.baddbmm: self._baddbmm,
        }

    def __torch_function__(self, func, types, args=(), kwargs=None):
        """Apply the rule for `func`, if there is one."""
        try:
            rule = self.rules[func]
        except KeyError:
            name, rule = getattr(func, "__name__", ""), func
            if name.startswith("_foreach_"):
                rule = partial(self._foreach, name.removeprefix("_foreach_"), func)
            self.rules[func] = rule
        self.used |= rule != func  # equal, but never the same, for a `__get__`
        return rule(*args, **(kwargs or {}))

    def _linear(self, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        """All seeds' layers in one batched product; vmap's own rule takes several calls."""
        physical = self.mapped.physical
        if x.dim() != 2 or bias is None or not functorch.is_batchedtensor(weight):
            return functional.linear(x, weight, bias)
        x, weight, bias = physical(x), physical(weight), physical(bias)
        with below():
            out = torch.baddbmm(bias[:, None], x, weight.transpose(1, 2))
        return functorch._add_batch_dim(out, 0, self.mapped.level)

    def _baddbmm(self, bias: Tensor, x: Tensor, weight: Tensor, **options: Any) -> Tensor:
        """A batched product for all seeds is a longer batched product."""
        physical = self.mapped.physical
        if options or not functorch.is_batchedtensor(weight) or bias.shape[0] != len(weight):
            return torch.baddbmm(bias, x, weight, **options)
        n, (bias, x, weight) = len(weight), map(physical, (bias, x, weight))
        with below():
            out = torch.baddbmm(*(y.flatten(0, 1) for y in (bias, x, weight))).unflatten(0, (-1, n))
        return functorch._add_batch_dim(out, 0, self.mapped.level)

    def _requires_grad(self, x: Tensor, wanted: bool = True) -> Tensor:
        """Freeze or thaw a parameter until the update ends."""
        self.mapped.thawed = True
        for net in self.mapped.nets:
            for name, p in net.shown.items():
                if p is x:
                    net.packed.stacked[name].requires_grad_(wanted)
        return x

    def _lerp(self, x: Tensor, end: Tensor, weight: Any) -> Tensor:
        if isinstance(weight, Tensor) or x.shape != end.shape:
            return x.add_(weight * (end - x))
        self._below(Tensor.lerp_, x, end, weight)
        return x

    def _below(self, func: Callable[..., Any], *args: Any) -> None:
        """An elementwise operation in place, on all seeds' tensors directly."""
        physical = self.mapped.physical
        plain = [
            physical(x)
            if isinstance(x, Tensor)
            else [physical(y) for y in x]
            if isinstance(x, list | tuple)
            else x
            for x in args
        ]
        with below():
            func(*plain)

    def _foreach(self, name: str, func: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """`torch._foreach_*`, for which vmap has no rules: tensor by tensor."""
        lists = [x if isinstance(x, list | tuple) else None for x in args]
        if name == "lerp_" and lists[1] is not None and not isinstance(args[2], Tensor):
            return self._below(func, *args)
        if name == "norm" and len(args) < 3 and not options.get("dtype"):
            return self._norms(args[0], *args[1:], **options)
        if name == "mul_" and isinstance(args[1], Tensor) and args[1].dim() == 0:
            return self._scale(*args)
        method = torch.linalg.vector_norm if name == "norm" else getattr(Tensor, name)
        out = []
        for i in range(len(args[0])):
            row = [x if of is None else of[i] for x, of in zip(args, lists, strict=True)]
            out.append(self.__torch_function__(method, (), tuple(row), options))
        return None if name.endswith("_") else out

    def _norms(self, xs: Sequence[Tensor], order: Any = 2, **_: Any) -> list[Tensor]:
        """Norms of each seed's tensors, as `clip_grad_norm_` asks for."""
        plain = self._spans(xs) or [
            self.mapped.physical(x).reshape(self.mapped.runs, 1, -1) for x in xs
        ]
        with below():
            norms = [torch.linalg.vector_norm(x, order, dim=(1, 2)) for x in plain]
        return [functorch._add_batch_dim(norm, 0, self.mapped.level) for norm in norms]

    def _scale(self, xs: Sequence[Tensor], factor: Tensor) -> None:
        """Each seed's tensors times its factor, in place."""
        by = self.mapped.physical(factor)
        plain = self._spans(xs) or [self.mapped.physical(x) for x in xs]
        with below():
            for x in plain:
                x.mul_(by.view(-1, *[1] * (x.dim() - 1)))

    def _spans(self, xs: Sequence[Tensor]) -> list[Tensor] | None:
        """Gradients as they lie in the block; None if one of them lies elsewhere."""
        known = {
            id(x): net.packed.spans[n] for net in self.mapped.nets for n, x in net.homes.items()
        }
        found = [known.get(id(x)) for x in xs]
        return None if any(x is None for x in found) else found


def _set_data(x: Tensor, value: Tensor) -> None:
    with torch.no_grad():
        x.detach().copy_(value)


def in_words(error: Exception) -> str:
    """Why vmap gave up, in a few words."""
    text = str(error)
    known = {
        "data-dependent": "a decision depends on a tensor's values",
        "randomness": "random numbers are drawn inside the update",
        "random": "random numbers are drawn inside the update",
        ".item()": "a tensor is turned into a Python number",
        "data pointer": "a tensor is turned into a NumPy array",
        "numpy": "a tensor is turned into a NumPy array",
        "dynamic shape": "a tensor is picked by a mask, so its shape depends on values",
        "nonzero": "a tensor is picked by a mask, so its shape depends on values",
        "in-place": "a tensor made inside the update is changed in place",
        "inplace": "a tensor made inside the update is changed in place",
    }
    for sign, words in known.items():
        if sign in text:
            return words
    first = text.strip().splitlines()[0][:160] if text.strip() else ""
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
