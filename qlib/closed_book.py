"""Closed book: a finished version in `qlib` may not answer the exercise that asks for it.

`qlib` contains solvers and rollouts that later notebooks use freely. While the answer to an
exercise is being checked, the functions that would solve that exercise refuse to run. This is a
reminder for honest people, not a lock: whoever writes a right answer in another way gets it right.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_answering: ContextVar[str | None] = ContextVar("answering", default=None)


class ClosedBookError(RuntimeError):
    """An answer called the part of `qlib` that already solves its exercise."""


@contextmanager
def answering(exercise: str | None) -> Iterator[None]:
    """Mark that the answer to `exercise` (a function name) is running."""
    token = _answering.set(exercise)
    try:
        yield
    finally:
        _answering.reset(token)


def finished_version_of(*exercises: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Refuse calls of the decorated function from the answers to `exercises`.

    Args:
        exercises: names of the exercise functions, for example `"rollout"`.

    Raises:
        ClosedBookError: from the wrapped function, when one of these answers calls it.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
            exercise = _answering.get()
            if exercise in exercises:
                name = function.__qualname__.removesuffix(".__init__")
                raise ClosedBookError(
                    f"`qlib` already contains a finished version ({name}) of what "
                    f"`{exercise}` asks for. Write this one yourself; you may use qlib's "
                    "version everywhere else."
                )
            return function(*args, **kwargs)

        return wrapper

    return decorate
