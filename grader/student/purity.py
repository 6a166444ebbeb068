"""Whether calling a function can leave something behind in its process.

A copy of the process costs more than most calls. So the checks of an exercise share one copy as
long as its function keeps no state, and each gets its own otherwise. Nothing depends on this being
right: where it is wrong, a function meets what its earlier calls left, as it would in Jupyter.
"""

import dis
import random
import sys
from collections.abc import Iterator
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

_CHANGING = {"STORE_GLOBAL", "DELETE_GLOBAL", "STORE_ATTR", "DELETE_ATTR"}
_DOORS = {"__dict__", "__import__", "eval", "exec", "globals", "setattr", "vars"}
_CONSTANT = (int, float, complex, str, bytes, bool, type(None), frozenset, range)
_HARMLESS = (ModuleType, BuiltinFunctionType, type)


def keeps_no_state(function: Any) -> bool:
    """Whether nothing that `function` names can be changed by calling it."""
    seen: set[int] = set()
    waiting = [function]
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, _CONSTANT):
            continue
        seen.add(id(value))
        if isinstance(value, tuple):
            waiting += value
        elif isinstance(value, FunctionType):
            if value.__closure__ or value.__dict__:
                return False
            waiting += [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
            if _own(value):
                for name in _names(value.__code__):
                    if name is None:
                        return False
                    if name in value.__globals__:
                        waiting.append(value.__globals__[name])
        elif not _unchanging(value):
            return False
    return True


def ambient() -> tuple:
    """What functions change in passing: generators, NumPy's error state, torch's defaults."""
    state: list[Any] = [random.getstate(), sys.getrecursionlimit()]
    if numpy := sys.modules.get("numpy"):
        _, keys, position, has_gauss, gauss = numpy.random.get_state()
        state += [keys.tobytes(), position, has_gauss, gauss, tuple(numpy.geterr().values())]
    if torch := sys.modules.get("torch"):
        state += [torch.get_default_dtype(), torch.is_grad_enabled()]
        state.append(torch.random.get_rng_state().numpy().tobytes())
    return tuple(state)


def _unchanging(value: Any) -> bool:
    """Whether a value that is no function stays as it is, by what kind of value it is."""
    if isinstance(value, type):
        return value.__module__ != "__main__"
    kind = type(value)
    return isinstance(value, _HARMLESS) or (
        kind.__module__.startswith("numpy") and kind.__name__ != "ndarray"
    )


def _own(function: FunctionType) -> bool:
    """Whether a student wrote it (and not a library)."""
    return function.__globals__.get("__name__") == "__main__"


def _names(code: CodeType) -> Iterator[str | None]:
    """Global names that code and the functions inside it use; None where it changes something."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in _CHANGING or instruction.argval in _DOORS:
            yield None
        elif instruction.opname == "LOAD_GLOBAL":
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
