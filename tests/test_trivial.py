"""Answers without any thought in them earn nothing: constants, echoes, empty results."""

from itertools import cycle

import numpy as np
import pytest

from grader.exams import load
from qlib.checks import EXERCISES, LocalCaller, run_checks
from qlib.data import Episode
from qlib.mdp import TabularMDP


def arrays_in(args) -> list[np.ndarray]:
    """Every array among the arguments and in their MDPs."""
    found = []
    for arg in args:
        if isinstance(arg, TabularMDP):
            found += [arg.P, arg.R, arg.rho0]
        elif isinstance(arg, list):
            found.append(np.asarray(arg))
        elif isinstance(arg, np.ndarray):
            found.append(arg)
        elif isinstance(arg, Episode):
            found += [arg.s, arg.a, arg.r]
    return found


def pick(k: int, change):
    """The k-th array among the arguments, changed; a number where there is none."""

    def answer(*args, **kwargs):
        found = arrays_in(args)
        return change(found[k % len(found)]) if found else 0.0

    return answer


def constant(value):
    return lambda *args, **kwargs: value


def alternating(*values):
    def make():
        following = cycle(values)
        return lambda *args, **kwargs: next(following)

    return make()


def of_shape(make):
    """An array (S, A) or (S,) for the first MDP or table among the arguments."""

    def answer(*args, **kwargs):
        for arg in args:
            if isinstance(arg, TabularMDP):
                return make(arg.n_states, arg.n_actions)
        for array in arrays_in(args):
            if array.ndim == 2:
                return make(*array.shape)
        return make(1, 1)

    return answer


TRIVIAL = {
    **{f"constant {v!r}": constant(v) for v in (0, 1, 0.5, -1.0, True, False, (0.0, 0.0), [], "a")},
    **{f"pair {v!r}": constant(v) for v in ((0.0, 1.0), (True, 0), ([], []), (1.0, 1e9))},
    "true, false": alternating(True, False),
    "false, true": alternating(False, True),
    "true, true, false": alternating(True, True, False),
    "zero, one": alternating(0, 1),
    **{f"argument {k}": pick(k, lambda x: x) for k in range(6)},
    **{f"zeros like argument {k}": pick(k, np.zeros_like) for k in range(6)},
    **{f"ones like argument {k}": pick(k, np.ones_like) for k in range(6)},
    **{f"sum of argument {k}": pick(k, np.sum) for k in range(6)},
    **{f"first of argument {k}": pick(k, lambda x: x.flat[0] if x.size else 0.0) for k in range(6)},
    "empty": constant(np.zeros(0)),
    "zeros (S,)": of_shape(lambda S, A: np.zeros(S)),
    "zeros (S, A)": of_shape(lambda S, A: np.zeros((S, A))),
    "uniform over states": of_shape(lambda S, A: np.full(S, 1 / S)),
    "uniform over actions": of_shape(lambda S, A: np.full((S, A), 1 / A)),
    "whole zeros (S,)": of_shape(lambda S, A: np.zeros(S, dtype=int)),
    "zeros with a count": of_shape(lambda S, A: (np.zeros((S, A)), 0)),
    "no step, terminated": constant(Episode(np.array([0]), np.zeros(0), np.zeros(0), True, False)),
    "no step, truncated": constant(Episode(np.array([0]), np.zeros(0), np.zeros(0), False, True)),
}


@pytest.mark.parametrize("assignment", EXERCISES)
@pytest.mark.filterwarnings("ignore")
def test_trivial_answers_earn_nothing(assignment):
    earned = []
    for exercise in load(assignment).values():
        for name, answer in TRIVIAL.items():
            try:
                caller = LocalCaller({exercise.name: answer}, quiet=True)
                report = run_checks(exercise, caller, seed=11)
            except Exception as error:  # a check stumbles over what an answer returned
                earned.append(f"{exercise.id}: {name} breaks a check: {error!r}")
                continue
            if report.points > 0:
                passed = [r.title for r in report.results if r.points > 0]
                earned.append(f"{exercise.id}: {name} earns {report.points:g}: {passed}")
    assert not earned, "\n".join(earned)
