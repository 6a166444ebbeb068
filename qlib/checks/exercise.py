"""Exercises and their checks: the one framework that notebooks and grader share.

A check is a function with a title, points and a hint. It receives the answer as a callable that
passes plain data only, and a random generator of its own, and raises `Failed` when something is
wrong::

    returns = Exercise("01_mdp/discounted_returns")

    @returns.check("hand values", points=2, hint="Start at the last reward and walk backwards.")
    def hand_values(answer, rng):
        close(answer([1.0, 2.0, 3.0], 0.5), [2.75, 3.5, 3.0])
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from qlib.checks.failure import AnswerError, Failed
from qlib.checks.report import CheckResult, Report

SECONDS = 10.0  # time limit of one check, unless it says otherwise
AT_ONCE = 64  # calls that `Answer.many` asks for in one message


class Call(Protocol):
    """Calls a function of the student's by name with plain data."""

    def __call__(self, name: str, args: tuple, kwargs: dict, repeat: int, probe: str = "") -> list:
        """The results of `repeat` calls in a row with the *same* argument objects.

        Args:
            name: the function.
            args: its positional arguments.
            kwargs: its keyword arguments.
            repeat: how many calls.
            probe: `<module>.<function>` of `qlib.checks.probes` that is called instead and gets
                the student's function.

        Raises:
            AnswerError: when there is no result.
        """

    def many(self, name: str, calls: Sequence[tuple]) -> Iterator[Any]:
        """The results of one call for each tuple of arguments, in order, asked for together.

        Raises:
            AnswerError: in place of the first result that there is not. No later call is made.
        """


class Caller(Protocol):
    """Where the student's functions live: this process, or the other side of a border."""

    def session(self, exercise: str, seconds: float) -> AbstractContextManager[Call]:
        """A fresh state for one check; what a call breaks stays inside it."""


class Answer:
    """The student's function as a check sees it: arguments and results are copies, by value."""

    def __init__(self, name: str, call: Call):
        self.name = name
        self._call = call

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function once."""
        return self._call(self.name, args, kwargs, 1)[0]

    def repeat(self, n: int, *args: Any, **kwargs: Any) -> list:
        """Call it `n` times with the same argument objects.

        An answer that changes its arguments gives itself away: the later results differ.
        """
        return self._call(self.name, args, kwargs, n)

    def many(self, calls: Iterable[tuple]) -> Iterator[Any]:
        """Call it once for each tuple of arguments; cheaper than one by one where there are many.

        The results come in order, each to be judged by itself. A call without a result raises when
        its turn comes, and those behind it are not made. Up to `AT_ONCE` tuples travel together, so
        the student's side knows them before it answers the first: where later arguments would tell
        what earlier results should be, call one by one.

        Args:
            calls: positional arguments of each call; none that several calls may change together.
        """
        calls = [tuple(args) for args in calls]
        for i in range(0, len(calls), AT_ONCE):
            yield from self._call.many(self.name, calls[i : i + AT_ONCE])

    def ahead(self, calls: Iterable[tuple]) -> "Ahead":
        """Like `many`, for a body that calls and judges in turn: an answer that has been asked.

        It is called with the same objects in the same order::

            cases = [(world(rng), 0.1 * k) for k in range(60)]
            answer = answer.ahead(cases)
            for mdp, alpha in cases:
                close(answer(mdp, alpha), oracle(mdp, alpha))
        """
        return Ahead(self, calls)

    def probe(self, probe: str, *args: Any, **kwargs: Any) -> Any:
        """Let a function of ours handle the student's where it lives: see `qlib.checks.probes`.

        What it says is no more to be believed than what the student's function returns.

        Args:
            probe: `<module>.<function>`, for example `"nb06_parametric_q.loss_and_gradients"`.
            args: plain data for it.
            kwargs: plain data for it.
        """
        return self._call(self.name, args, kwargs, 1, probe)[0]


class Ahead:
    """An answer to calls that are known ahead; see `Answer.ahead`."""

    def __init__(self, answer: Answer, calls: Iterable[tuple]):
        self.name = answer.name
        self._calls = [tuple(args) for args in calls]
        self._results = answer.many(self._calls)
        self._next = iter(self._calls)

    def __call__(self, *args: Any) -> Any:
        """The result for the next of the known calls.

        Raises:
            AnswerError: when there is no result.
            ValueError: if these are not its arguments: a fault of the check.
        """
        known = next(self._next, None)
        if known is None or len(known) != len(args):
            raise ValueError(f"{self.name} is called in another way than was said ahead")
        if not all(one is other for one, other in zip(known, args, strict=True)):
            raise ValueError(f"{self.name} is called with other arguments than were said ahead")
        return next(self._results)


Body = Callable[[Answer, np.random.Generator], None]


@dataclass(frozen=True)
class Check:
    """One property of an answer.

    Attributes:
        title: what holds when it passes, a short statement.
        points: what it is worth; visible checks are worth nothing.
        hint: where to look, shown folded.
        body: `body(answer, rng)`, raises `Failed`.
        seconds: wall time for all its calls together.
    """

    title: str
    points: float
    hint: str
    body: Body
    seconds: float = SECONDS


@dataclass
class Exercise:
    """The checks of one graded function.

    Attributes:
        id: `<assignment>/<function name>`.
        checks: in the order in which they run and are reported.
    """

    id: str
    checks: list[Check] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.id.split("/")[1]

    @property
    def points(self) -> float:
        """The sum of the checks' points."""
        return sum(check.points for check in self.checks)

    def check(
        self, title: str, *, points: float = 0, hint: str = "", seconds: float = SECONDS
    ) -> Callable[[Body], Body]:
        """Decorator: add a check to this exercise."""

        def add(body: Body) -> Body:
            if any(check.title == title for check in self.checks):
                raise ValueError(f"{self.id} has two checks with the title {title!r}")
            self.checks.append(Check(title, points, hint, body, seconds))
            return body

        return add


def run_checks(
    exercise: Exercise, caller: Caller, seed: int, *, stop_early: bool = False
) -> Report:
    """Run all checks of an exercise.

    Args:
        exercise: what to run.
        caller: how to reach the student's functions.
        seed: every check draws from its own generator, made from this seed and its title.
        stop_early: say nothing further after a crash or a wrong shape (visible checks). In an exam
            every check runs, since each has its own points.

    Returns:
        The report. It never contains code of a check.

    Raises:
        Exception: whatever a check raises by a fault of its own (never a student's loss).
    """
    results: list[CheckResult] = []
    stopped = False
    for check in exercise.checks:
        if stopped and stop_early:
            results.append(CheckResult.of(check, "not run"))
            continue
        result, stops = _run(exercise, check, caller, seed)
        results.append(_once(result, results))
        stopped = stopped or stops
    return Report(exercise.id, tuple(results), seed)


def check_rng(exercise: Exercise, check: Check, seed: int) -> np.random.Generator:
    """The generator of one check: any check can be replayed alone from the report's seed."""
    key = [seed, zlib.crc32(exercise.id.encode()), zlib.crc32(check.title.encode())]
    return np.random.default_rng(key)


def _run(exercise: Exercise, check: Check, caller: Caller, seed: int) -> tuple[CheckResult, bool]:
    try:
        with caller.session(exercise.name, check.seconds) as call:
            check.body(Answer(exercise.name, call), check_rng(exercise, check, seed))
    except Failed as found:
        return CheckResult.of(
            check,
            "not yet",
            symptom=found.symptom,
            cause=found.cause,
            expected=found.expected,
            given=found.given,
        ), found.stops
    except AnswerError as error:
        status = "to do" if error.kind == "todo" else "error"
        return CheckResult.of(check, status, symptom=error.message, where=tuple(error.where)), True
    return CheckResult.of(check, "passed"), False


def _once(result: CheckResult, earlier: Sequence[CheckResult]) -> CheckResult:
    """Say the same trouble only once."""
    if result.status in ("error", "to do"):
        for other in earlier:
            if other.status == result.status and other.symptom == result.symptom:
                return result.shortened("The same as above.")
    return result
