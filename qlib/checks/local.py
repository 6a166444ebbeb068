"""Call functions that live in this process, through the same encoding as across the border."""

import contextlib
import functools
import io
import linecache
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from qlib import wire
from qlib.checks import probes
from qlib.checks.exercise import Call
from qlib.checks.failure import AnswerError
from qlib.closed_book import ClosedBookError, answering


def call_function(
    function: Any,
    exercise: str,
    args: tuple,
    kwargs: dict,
    repeat: int,
    probe: str = "",
    shelf: dict | None = None,
) -> list[bytes]:
    """Call a student's function with copies of plain data; the results, encoded.

    Runs where the student's code lives.

    Args:
        function: what the student's notebook binds to the name.
        exercise: the exercise it answers, for the closed-book rule.
        args: positional arguments. They are not copied here.
        kwargs: keyword arguments.
        repeat: how many calls to make with the same argument objects.
        probe: the function of `qlib.checks.probes` that handles it; empty for a plain call.
        shelf: what probes have kept since the check began.

    Returns:
        One message for each call.

    Raises:
        AnswerError: when there is no readable result.
    """
    if not callable(function):
        raise AnswerError(
            "undefined", f"`{exercise}` is not a function: it is of type {type(function).__name__}."
        )
    if probe:
        function = functools.partial(probes.find(probe), function, {} if shelf is None else shelf)
    results = []
    for _ in range(repeat):
        try:
            with answering(exercise):
                value = function(*args, **kwargs)
        except NotImplementedError as error:
            raise AnswerError("todo", f"`{exercise}` is not written yet.") from error
        except ClosedBookError as error:
            raise AnswerError("closed_book", str(error)) from error
        except RecursionError as error:
            raise AnswerError(
                "raised",
                f"`{exercise}` calls itself without end (RecursionError).",
            ) from error
        except (Exception, SystemExit) as error:
            raise AnswerError("raised", _sentence(exercise, error), where(error)) from error
        try:
            results.append(wire.dumps(value))
        except wire.WireError as error:
            raise AnswerError("unreadable", f"`{exercise}` returned {error}.") from error
        except (Exception, SystemExit) as error:  # a class of the student's may raise anything
            text = f"`{exercise}` returned a value that cannot be read ({type(error).__name__})."
            raise AnswerError("unreadable", text) from error
    return results


def where(error: BaseException, limit: int = 3) -> list[str]:
    """The lines of the student's code through which an exception came, innermost last."""
    lines = []
    for frame, line in traceback.walk_tb(error.__traceback__):
        filename = frame.f_code.co_filename
        if filename.startswith(os.path.dirname(os.path.dirname(__file__))):
            continue
        if "site-packages" in filename or filename.startswith(sys.base_prefix):
            continue
        source = linecache.getline(filename, line).strip()
        place = f"{frame.f_code.co_name}, line {line}"
        lines.append(f"{place}: {source}"[:200] if source else place)
    return lines[-limit:]


def _sentence(exercise: str, error: BaseException) -> str:
    text = " ".join(str(error).split())[:300]
    kind = type(error).__name__
    return f"`{exercise}` stopped with {kind}{': ' + text if text else ''}."


class LocalCaller:
    """Functions of this process.

    Args:
        functions: name -> function.
        quiet: swallow what the functions print and warn. An exam is quiet: nothing printed during
            hidden calls is kept, and a warning must not cost points.
    """

    def __init__(self, functions: Mapping[str, Callable | None], *, quiet: bool = False):
        self.functions = functions
        self.quiet = quiet

    @contextlib.contextmanager
    def session(self, exercise: str, seconds: float) -> Iterator[Call]:
        """Calls in this process. No time limit: a person can interrupt."""
        yield _LocalCall(self.functions, self.quiet)


class _LocalCall:
    """Calls of one check."""

    def __init__(self, functions: Mapping[str, Callable | None], quiet: bool):
        self._functions = functions
        self._quiet = quiet
        self._shelf: dict = {}

    def __call__(self, name: str, args: tuple, kwargs: dict, repeat: int, probe: str = "") -> list:
        function = self._functions.get(name)
        if function is None:
            raise AnswerError("undefined", f"`{name}` is not defined. Run its cell first.")
        args, kwargs = wire.copy((args, kwargs), tensors=True)
        with _silence() if self._quiet else contextlib.nullcontext():
            results = call_function(function, name, args, kwargs, repeat, probe, self._shelf)
        return [_read(name, result) for result in results]

    def many(self, name: str, calls: Sequence[tuple]) -> Iterator[Any]:
        for args in calls:
            yield self(name, args, {}, 1)[0]


def _read(name: str, message: bytes) -> Any:
    try:
        return wire.loads(message)
    except wire.WireError as error:
        raise AnswerError(
            "unreadable", f"`{name}` returned something unreadable: {error}"
        ) from error


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Swallow Python's and C's stdout and stderr."""
    with open(os.devnull, "w") as null:
        saved = []
        for fd in (1, 2):
            with contextlib.suppress(OSError):
                saved.append((fd, os.dup(fd)))
                os.dup2(null.fileno(), fd)
        try:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                yield
        finally:
            for fd, copy in saved:
                os.dup2(copy, fd)
                os.close(copy)
