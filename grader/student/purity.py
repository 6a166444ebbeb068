"""Whether calling a function can leave something behind, and what its result depends on.

A copy of the process costs more than most calls. So functions that keep no state share one copy,
which is made after the last cell: before it serves a function, everything that the function refers
to is put back as it was at its grade cell (`Memory`). A function that keeps state, or may, gets a
copy made at its grade cell, and one more for each check.

Nothing that earns points depends on this being right: where it is wrong, a function meets what its
earlier calls or later cells left, as it would in Jupyter.
"""

import dis
import random
import re
import sys
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

MISSING = object()
_CHANGING = {"STORE_GLOBAL", "DELETE_GLOBAL", "DELETE_ATTR"}
_NAMING = {"LOAD_GLOBAL", "LOAD_NAME"}
_FOLLOWING = {"LOAD_ATTR", "LOAD_METHOD"}
_DOORS = {
    "__builtins__", "__dict__", "__globals__", "__import__", "__setattr__", "delattr", "eval",
    "exec", "globals", "import_module", "locals", "modules", "reload", "setattr", "vars",
}  # fmt: skip
_CONSTANT = {int, float, complex, str, bytes, bool, type(None), type(...), frozenset, range, slice}
_MADE_BY_PYTHON = {"__annotations__", "__dict__", "__doc__", "__module__", "__weakref__"}
_NUMPY = (np.generic, np.dtype)
_UFUNC = np.ufunc
_GENERATORS = (random.random.__self__, np.random.mtrand._rand)  # part of `ambient`
_ELSEWHERE = re.compile(  # what a cell may change that is not among the names of a function
    r"\.\s*\w+(?:\[[^\]\n]*\])?\s*(?:[-+*/%&|^@]|\*\*|//|<<|>>)?=(?!=)"
    r"|\b(?:__dict__|autoreload|builtins|del|delattr|eval|exec|globals|reload|setattr|vars)\b|%run"
)


@dataclass
class Memory:
    """What a function without state refers to, directly or through functions that it calls.

    Attributes:
        bindings: global name -> its value, or `MISSING`.
        attributes: of modules: module, name, value.
        functions: of the student's: function, code, defaults, keyword defaults.
        classes: of the student's: class, its attributes.
        ambient: see `ambient`.
    """

    bindings: dict[str, Any]
    attributes: list[tuple[ModuleType, str, Any]] = field(default_factory=list)
    functions: list[tuple] = field(default_factory=list)
    classes: list[tuple[type, dict[str, Any]]] = field(default_factory=list)
    ambient: tuple = ()

    def restore(self, namespace: dict[str, Any], now: tuple = ()) -> tuple:
        """Put everything back.

        Args:
            namespace: of the student's names.
            now: what `ambient` returned just before, if it was asked.

        Returns:
            What `ambient` would return now.
        """
        for name, value in self.bindings.items():
            if value is MISSING:
                namespace.pop(name, None)
            else:
                namespace[name] = value
        for module, name, value in self.attributes:
            if vars(module).get(name) is not value:
                setattr(module, name, value)
        for function, code, defaults, keyword_defaults in self.functions:
            function.__code__, function.__defaults__ = code, defaults
            function.__kwdefaults__ = keyword_defaults
            function.__dict__.clear()
        for kind, attributes in self.classes:
            for name in set(vars(kind)) - set(attributes):
                delattr(kind, name)
            for name, value in attributes.items():
                if vars(kind).get(name) is not value:
                    setattr(kind, name, value)
        if now != self.ambient:
            restore_ambient(self.ambient)
        return self.ambient


def remember(name: str, namespace: dict[str, Any]) -> Memory | None:
    """What the function `name` depends on; None if it keeps state, or may."""
    memory = Memory({name: namespace.get(name, MISSING)})
    seen: set[int] = set()
    waiting = list(memory.bindings.values())
    while waiting:
        value = waiting.pop()
        if value is MISSING or type(value) in _CONSTANT or id(value) in seen:
            continue
        seen.add(id(value))
        if type(value) is tuple:
            waiting += value
        elif isinstance(value, FunctionType) and value.__globals__ is namespace:
            chains = _chains(value.__code__)
            enclosed = value.__closure__ and value.__code__.co_freevars != ("__class__",)
            if chains is None or enclosed or value.__dict__:
                return None
            defaults, keyword_defaults = value.__defaults__, value.__kwdefaults__
            memory.functions.append(
                (value, value.__code__, defaults, keyword_defaults and dict(keyword_defaults))
            )
            waiting += [*(defaults or ()), *(keyword_defaults or {}).values()]
            waiting += [_follow(chain, namespace, memory) for chain in chains]
        elif isinstance(value, type) and value.__module__ == "__main__":
            parts = _parts(value)
            if parts is None:
                return None
            memory.classes.append((value, dict(vars(value))))
            waiting += parts
        elif not _unchanging(value):
            return None
    memory.ambient = ambient()
    return memory


def _parts(kind: type) -> list[Any] | None:
    """What a class of the student's consists of; None where it keeps state of its own, or may."""
    if type(kind) is not type or "__slots__" in vars(kind):
        return None
    parts: list[Any] = list(kind.__bases__)
    for name, value in vars(kind).items():
        if isinstance(value, staticmethod | classmethod):
            parts.append(value.__func__)
        elif isinstance(value, property):
            parts += [value.fget, value.fset, value.fdel]
        elif name not in _MADE_BY_PYTHON:
            parts.append(value)
    return parts


def may_change_more(source: str) -> bool:
    """Whether a cell may change something that no `Memory` holds, like a method of a class."""
    return _ELSEWHERE.search(source) is not None


def ambient() -> tuple:
    """What functions change in passing: generators, NumPy's error state, torch's defaults."""
    state: list[Any] = [random.getstate(), sys.getrecursionlimit(), tuple(warnings.filters)]
    _, keys, *rest = np.random.get_state()  # noqa: NPY002
    state += [keys.tobytes(), tuple(rest), tuple(np.geterr().items())]
    if torch := sys.modules.get("torch"):
        state += [torch.get_default_dtype(), torch.is_grad_enabled()]
        state.append(torch.random.get_rng_state().numpy().tobytes())
    return tuple(state)


def restore_ambient(state: tuple) -> None:
    """Put back what `ambient` returned, unless nothing has changed."""
    if ambient() == state:
        return
    chance, recursion, filters, keys, rest, errors, *more = state
    random.setstate(chance)
    sys.setrecursionlimit(recursion)
    warnings.filters[:] = filters
    warnings.simplefilter("default", append=True)  # forgets what was decided by other filters
    warnings.filters[:] = filters
    np.random.set_state(("MT19937", np.frombuffer(keys, "u4"), *rest))  # noqa: NPY002
    np.seterr(**dict(errors))
    if torch := more and sys.modules.get("torch"):
        torch.set_default_dtype(more[0])
        torch.set_grad_enabled(more[1])
        torch.random.set_rng_state(torch.frombuffer(bytearray(more[2]), dtype=torch.uint8))


def _follow(chain: tuple[str, ...], namespace: dict[str, Any], memory: Memory) -> Any:
    """The value of `a.b.c` as far as it leads through modules, remembered on the way."""
    value = memory.bindings[chain[0]] = namespace.get(chain[0], MISSING)
    for name in chain[1:]:
        if not isinstance(value, ModuleType):
            return value
        module, value = value, vars(value).get(name, MISSING)
        if value is MISSING:
            return module
        memory.attributes.append((module, name, value))
        if isinstance(value, FunctionType) and _library(value) == _library(module):
            return None
    return value


def _unchanging(value: Any) -> bool:
    """Whether a value stays as it is, by what kind of value it is.

    A module that is passed around is none of them: what is done with it cannot be seen.
    """
    if isinstance(value, type):
        return value.__module__ != "__main__"
    if isinstance(value, FunctionType):  # of a library
        home = sys.modules.get(value.__module__)
        return value.__module__ != "__main__" and vars(home).get(value.__name__) is value
    if isinstance(value, BuiltinFunctionType):
        owner = value.__self__
        known = owner is None or isinstance(owner, ModuleType | type)
        return known or any(owner is generator for generator in _GENERATORS)
    if isinstance(value, _UFUNC):
        return not value.__name__.endswith("(vectorized)")
    if isinstance(value, _NUMPY):
        return True
    kind = type(value)
    return (kind.__module__.partition(".")[0], kind.__name__) in {
        ("numpy", "_ArrayFunctionDispatcher"), ("numpy", "RClass"), ("numpy", "CClass"),
        ("numpy", "IndexExpression"), ("torch", "dtype"), ("torch", "device"),
    }  # fmt: skip


def _library(value: Any) -> str:
    name = value.__name__ if isinstance(value, ModuleType) else value.__module__
    return str(name).partition(".")[0]


_known: dict[CodeType, set[tuple[str, ...]] | None] = {}


def _chains(code: CodeType) -> set[tuple[str, ...]] | None:
    """Names that code and the functions inside it refer to; None where it changes something.

    A name is given with the attributes that are looked up on it at once: `("np", "linalg", "inv")`.
    """
    if code not in _known:
        _known[code] = _read(code)
    return _known[code]


def _read(code: CodeType) -> set[tuple[str, ...]] | None:
    chains: list[list[str]] = []
    open_chain = False
    instructions = list(dis.get_instructions(code))
    for place, instruction in enumerate(instructions):
        name, argument = instruction.opname, instruction.argval
        if name == "STORE_ATTR" and not _of_self(instructions, place, code):
            return None
        if name in _CHANGING or (isinstance(argument, str) and argument in _DOORS):
            return None
        if name in _NAMING:
            chains.append([argument])
        elif name in _FOLLOWING and open_chain:
            chains[-1].append(argument)
        open_chain = name in _NAMING or (open_chain and name in (*_FOLLOWING, "EXTENDED_ARG"))
    found = {tuple(chain) for chain in chains}
    inner: Iterable[CodeType] = (c for c in code.co_consts if isinstance(c, CodeType))
    for constant in inner:
        more = _read(constant)
        if more is None:
            return None
        found |= more
    return found


def _of_self(instructions: list[dis.Instruction], place: int, code: CodeType) -> bool:
    """Whether an attribute is stored on `self`: on an instance, which lives as long as a check.

    `self.x = …` loads `self` just before; `self.x += …` has loaded it before it read `x`.
    """
    if not code.co_argcount or code.co_varnames[0] != "self":
        return False
    before = instructions[place - 1]
    if before.opname != "SWAP":
        return before.opname == "LOAD_FAST" and before.argval == "self"
    for k in range(place - 1, 1, -1):
        read = instructions[k]
        if read.opname == "LOAD_ATTR" and read.argval == instructions[place].argval:
            copy, loaded = instructions[k - 1], instructions[k - 2]
            return copy.opname == "COPY" and loaded.argval == "self"
    return False
