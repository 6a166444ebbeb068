"""Strict comparisons by value: shape, kind of number, finiteness, then tolerance.

`np.allclose` broadcasts (an empty array is "close" to everything) and a comparison with NaN is
false both ways, so neither is used here: every helper raises `Failed` unless the value is right.
"""

import math
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlib.checks.failure import Failed

RTOL = 1e-6
ATOL = 1e-9
SIGMAS = 5.0


class _Short(reprlib.Repr):
    """A `repr` whose cost does not depend on how large the value is."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxlist, self.maxtuple, self.maxdict = 4, 8, 8, 4
        self.maxstring = self.maxlong = self.maxother = 80

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, np.ndarray):
            if x.ndim > 3:
                return f"array of shape {_shape(x.shape)}"
            return np.array2string(x, precision=5, separator=", ", threshold=24, edgeitems=4)
        if isinstance(x, np.generic):
            return self.repr1(x.item(), level)
        if is_dataclass(x):
            parts = (
                f"{field.name}={self.repr1(getattr(x, field.name), level - 1)}"
                for field in fields(x)
            )
            return f"{type(x).__name__}({', '.join(parts)})"
        return super().repr_instance(x, level)

    def repr_float(self, x: float, level: int) -> str:
        return f"{x:.6g}"


def show(value: Any, limit: int = 160) -> str:
    """A value as short text; long ones are shortened, at a cost that does not grow with them."""
    text = _SHORT.repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


_SHORT = _Short()


def array(
    value: Any, shape: tuple[int, ...], *, kind: str = "float", what: str = "the result"
) -> np.ndarray:
    """`value` as an array of exactly this shape with finite entries.

    Args:
        value: what the answer returned: an array, a list (of arrays) or a number.
        shape: the shape it must have; `()` asks for one number.
        kind: `"float"` (any real numbers; gives float64), `"int"` (whole numbers; gives int64) or
            `"bool"`.
        what: how the message names the value.

    Raises:
        Failed: naming what is wrong with it. It stops the checks that follow.
    """
    one = "True or False" if kind == "bool" else "one number"
    asked = one if shape == () else f"an array of shape {_shape(shape)}"
    if value is None:
        raise Failed(f"{_start(what)} is None.", "Is there a `return`?", expected=asked, stops=True)
    if isinstance(value, str | bytes | dict):
        raise Failed(
            f"{_start(what)} is of type {type(value).__name__}.",
            expected=asked,
            given=show(value),
            stops=True,
        )
    found = as_array(value)
    if found.dtype.kind not in "biuf":
        raise Failed(
            f"{_start(what)} is not an array of numbers.",
            "A list whose entries have different lengths cannot become an array."
            if isinstance(value, list | tuple)
            else "",
            expected=asked,
            given=show(value),
            stops=True,
        )
    if found.shape != shape:
        raise Failed(
            f"{_start(what)} has the wrong shape.",
            _shape_cause(found.shape, shape),
            expected=asked if shape == () else f"shape {_shape(shape)}",
            given="one number" if found.shape == () else f"shape {_shape(found.shape)}",
            stops=True,
        )
    if not np.isfinite(found).all():
        raise Failed(
            f"{_start(what)} contains NaN or infinity.",
            "A division by zero, an overflow, or an entry that was never filled.",
            given=show(found),
        )
    if kind == "bool":
        if found.dtype.kind != "b":
            raise Failed(
                f"{_start(what)} must be True or False.", given=show(value), expected="bool"
            )
        return found
    if kind == "int":
        if found.dtype.kind == "b" or not (found == np.round(found)).all():
            raise Failed(f"{_start(what)} must be whole numbers.", given=show(found))
        return found.astype(np.int64)
    if found.dtype.kind == "b":
        raise Failed(f"{_start(what)} must be numbers, not True/False.", given=show(found))
    return found.astype(np.float64)


def as_array(value: Any) -> np.ndarray:
    """`value`, which an answer returned, as an array; an array of None if it is not numbers.

    Use it, never NumPy itself, on what a student's function returned. Text is refused before NumPy
    sees it: one long string in a long list would make an array of strings as long, in memory that
    no limit on the message bounds.
    """
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, list | tuple):
            pending.extend(item)
        elif not isinstance(item, bool | int | float | np.ndarray | np.generic):
            return np.asarray(None)
    try:
        return np.asarray(value)
    except (ValueError, OverflowError, MemoryError):
        return np.asarray(None)


def number(value: Any, *, kind: str = "float", what: str = "the result") -> float | int | bool:
    """`value` as one finite number (or bool), by the rules of `array`."""
    return array(value, (), kind=kind, what=what)[()].item()


def close(
    given: Any,
    expected: ArrayLike,
    *,
    rtol: float = RTOL,
    atol: float = ATOL,
    what: str = "the result",
    symptom: str = "",
    cause: str = "",
    mistakes: Mapping[str, ArrayLike | Callable[[], ArrayLike]] | None = None,
) -> None:
    """Compare with an oracle: |given - expected| <= atol + rtol |expected|, entry by entry.

    Args:
        given: what the answer returned.
        expected: the oracle's value; its shape is the shape asked for.
        rtol: relative tolerance.
        atol: absolute tolerance.
        what: how the message names the value.
        symptom: replaces the default first sentence.
        cause: said whenever the values differ. Use it where only one mistake can lead here.
        mistakes: cause -> the value which that mistake gives (or a function that computes it). The
            first one that the answer's value equals is named.

    Raises:
        Failed: when the value differs.
    """
    want = np.asarray(expected, dtype=np.float64)
    found = array(given, want.shape, what=what)
    wrong = ~(np.abs(found - want) <= atol + rtol * np.abs(want))
    if not wrong.any():
        return
    for text, value in (mistakes or {}).items():
        if matches(found, value() if callable(value) else value, rtol=1e-5, atol=1e-7):
            cause = text
            break
    if want.ndim == 0:
        raise Failed(
            symptom or f"{_start(what)} is not right.",
            cause,
            expected=show(float(want)),
            given=show(float(found)),
        )
    if not symptom:
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        place = ", ".join(map(str, index))
        n, total = int(wrong.sum()), wrong.size
        symptom = (
            f"{_start(what)} differs at [{place}]: {show(float(found[index]))} instead of "
            f"{show(float(want[index]))} ({n} of {total} entries differ)."
        )
    raise Failed(symptom, cause, expected=show(want), given=show(found))


def matches(given: Any, value: ArrayLike, *, rtol: float = RTOL, atol: float = ATOL) -> bool:
    """Whether `given` has the shape of `value` and equals it within tolerance."""
    want = np.asarray(value, dtype=np.float64)
    try:
        found = array(given, want.shape)
    except Failed:
        return False
    return bool((np.abs(found - want) <= atol + rtol * np.abs(want)).all())


def within_sigmas(
    given: float,
    expected: float,
    stderr: float,
    *,
    sigmas: float = SIGMAS,
    what: str = "the estimate",
    cause: str = "",
) -> None:
    """A statistical comparison: |given - expected| <= sigmas * stderr.

    At 5 sigma a correct answer fails with probability below 1e-6.

    Raises:
        Failed: when it is further off.
    """
    off = abs(given - expected)
    if not off <= sigmas * stderr + ATOL:
        distance = "far outside" if stderr == 0 else f"{off / stderr:.1f} standard errors off"
        raise Failed(
            f"{_start(what)} is {distance}; chance explains at most {sigmas:g}.",
            cause,
            expected=f"{expected:.5g} ± {stderr:.2g}",
            given=show(float(given)),
        )


def _start(what: str) -> str:
    return what[0].upper() + what[1:]


def _shape(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def _shape_cause(given: tuple[int, ...], expected: tuple[int, ...]) -> str:
    if expected == () and math.prod(given) != 1:
        return "One value is asked for: the entries have still to be combined into one."
    if sorted(given) == sorted(expected) and given != expected:
        return "The axes are in another order."
    if tuple(n for n in given if n != 1) == tuple(n for n in expected if n != 1):
        return "There is an extra axis of length 1, or one is missing."
    if len(given) == len(expected) and all(
        abs(g - e) <= 1 for g, e in zip(given, expected, strict=True)
    ):
        return "It is off by one: count the first and the last entry."
    return ""
