"""What has been measured, kept line by line, so that a run goes on where one has stopped.

A result belongs to the code it was measured with: to each line the digest of the checks (and of the
answer) is written, and a line with another digest does not count.
"""

import functools
import hashlib
import importlib
import inspect
import json
import os
import sys
import types
from pathlib import Path
from typing import Any

from qlib.checks import Exercise
from tests.trust.course import ROOT, exam_of

FOLDER = ROOT / "out/trust"
RESULTS = Path(__file__).parent / "results"
_OURS = ("grader.exams", "qlib.")


class Kept:
    """Results by key, in `out/trust/<name>.jsonl`.

    Args:
        name: of the file.
    """

    def __init__(self, name: str):
        self.path = FOLDER / f"{name}.jsonl"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._known: dict[tuple[str, str], Any] = {}
        if self.path.exists():
            for line in self.path.read_text().splitlines():
                key, digest, value = json.loads(line)
                self._known[key, digest] = value

    def get(self, key: str, digest: str) -> Any:
        """The result, None if there is none."""
        return self._known.get((key, digest))

    def put(self, key: str, digest: str, value: Any) -> None:
        """Keep a result."""
        self._known[key, digest] = value
        with self.path.open("a") as file:
            file.write(json.dumps([key, digest, value], ensure_ascii=False) + "\n")


def write_json(path: Path, content: Any) -> None:
    """Write a file in one move, so that no reader sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    os.replace(scratch, path)


def short(text: str) -> str:
    """A digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@functools.cache
def exam_digest(exercise: str) -> str:
    """A digest of the hidden checks of an exercise and of all of the course's code they reach."""
    return short("\n".join(sorted(_reached(exam_of(exercise)))))


def _reached(exercise: Exercise) -> set[str]:
    """The sources of the checks, and of every function, class and constant they name."""
    found: set[str] = set()
    waiting: list[Any] = [check.body for check in exercise.checks]
    found.update(repr((c.title, c.points, c.seconds)) for c in exercise.checks)
    seen: set[int] = set()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, functools.partial):
            waiting += [thing.func, *thing.args, *thing.keywords.values()]
        elif isinstance(thing, types.MethodType):
            waiting.append(thing.__func__)
        elif isinstance(thing, types.FunctionType | type):
            if not (thing.__module__ or "").startswith(_OURS):
                continue
            waiting += _named(thing, found)
            waiting += [cell.cell_contents for cell in _closure(thing)]
        elif isinstance(thing, functools._lru_cache_wrapper):
            waiting.append(thing.__wrapped__)
        elif isinstance(thing, list | tuple | set | frozenset):
            waiting += thing
        elif isinstance(thing, dict):
            waiting += [*thing.keys(), *thing.values()]
        elif isinstance(thing, str | int | float | bool | None.__class__):
            found.add(repr(thing))
    return found


def _closure(thing: Any) -> tuple:
    cells = getattr(thing, "__closure__", None) or ()
    return tuple(cell for cell in cells if _filled(cell))


def _filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


def _named(thing: Any, found: set[str]) -> list[Any]:
    """What a function or class of ours names among the globals of its module."""
    try:
        source = inspect.getsource(thing)
    except (OSError, TypeError):
        return []
    found.add(source)
    module = sys.modules.get(thing.__module__) or importlib.import_module(thing.__module__)
    words = set()
    for code in _codes(thing):
        words.update(code.co_names)
        words.update(c for c in code.co_consts if isinstance(c, str) and c.isidentifier())
    result = []
    for word in words:
        value = getattr(module, word, None)
        if isinstance(value, types.ModuleType):
            if value.__name__.startswith(_OURS):
                result += [getattr(value, name) for name in words if hasattr(value, name)]
        elif value is not None:
            result.append(value)
    return result


def _codes(thing: Any) -> list[types.CodeType]:
    functions = [thing] if isinstance(thing, types.FunctionType) else []
    if isinstance(thing, type):
        for member in vars(thing).values():
            member = getattr(member, "__func__", getattr(member, "fget", member))
            if isinstance(member, types.FunctionType):
                functions.append(member)
    waiting = [function.__code__ for function in functions]
    codes = []
    while waiting:
        code = waiting.pop()
        codes.append(code)
        waiting += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return codes
