"""Visible checks of 03_fqi: crashes, shapes and one value a person can check by hand."""

from typing import Any

import numpy as np

from qlib.checks.compare import array, as_array, close, number, show
from qlib.checks.exercise import Exercise
from qlib.checks.failure import Failed
from qlib.checks.nb02_bellman import door
from qlib.mdp import TabularMDP


def parts_of(value: Any, names: tuple[str, ...]) -> tuple:
    """An answer's tuple of several results.

    Raises:
        Failed: if it is no sequence of that many parts.
    """
    if value is None:
        array(value, (len(names),))
    if isinstance(value, np.ndarray) and value.shape[:1] == (len(names),):
        value = tuple(value)
    if not isinstance(value, tuple | list) or len(value) != len(names):
        raise Failed(
            f"The result does not have {len(names)} parts.",
            expected=f"({', '.join(names)})",
            given=show(value),
            stops=True,
        )
    return tuple(value)


def integers_of(value: Any, names: tuple[str, ...]) -> tuple[int, ...]:
    """An answer's tuple of whole numbers."""
    return tuple(
        int(number(part, kind="int", what=f"the part `{name}`"))
        for name, part in zip(names, parts_of(value, names), strict=True)
    )


def shaped(
    value: Any, shape: tuple[int, ...], what: str, causes: dict[tuple[int, ...], str]
) -> np.ndarray:
    """`array`, with a cause for shapes that a known mistake has.

    Args:
        value: what the answer returned.
        shape: the shape it must have.
        what: how the message names the value.
        causes: wrong shape -> the mistake that leads to it.
    """
    try:
        return array(value, shape, what=what)
    except Failed as found:
        given = as_array(value)
        if given.dtype.kind in "biuf" and given.shape != shape:
            found.cause = causes.get(given.shape, found.cause)
        raise


def actions_of(value: Any, Q: np.ndarray) -> np.ndarray:
    """An answer's actions, (S,), each one existing."""
    n_states, n_actions = Q.shape
    causes = {
        (): "One action came back for the whole table. Each state has its own.",
        (n_actions,): "The best state of each action was looked up. It is the best action of each "
        "state that is asked for: the other axis.",
        (n_states, n_actions): "A row came back for each state. An action is one number, its place "
        "in the row.",
        (n_states, 1): "The action of each state came in a list of its own. One number a state is "
        "asked for, also where several actions are best.",
    }
    found = shaped(value, (n_states,), "the policy", causes)
    largest = Q.max(axis=1)
    if (np.abs(found - largest) <= 1e-9).all() and (found != Q.argmax(axis=1)).any():
        raise Failed(
            "The result holds the largest values, not the actions that have them.",
            "A maximum is a value; a policy needs the argmax.",
            expected=f"actions 0 … {n_actions - 1}",
            given=show(found),
            stops=True,
        )
    actions = array(value, (n_states,), kind="int", what="the policy")
    outside = (actions < 0) | (actions >= n_actions)
    if outside.any():
        s = int(np.flatnonzero(outside)[0])
        tied = (largest[:, None] == Q).sum(axis=1) > 1
        cause = ""
        if (actions == Q.argmax(axis=1) + n_actions * np.arange(n_states)).all():
            cause = "The places are counted over the whole table, not in each row."
        elif tied[outside].all():
            cause = "Several actions are best there: one of them is asked for."
        raise Failed(
            f"In a state with the values {show(Q[s])} the action is {actions[s]}, which does not "
            "exist.",
            cause,
            expected=f"actions 0 … {n_actions - 1}",
            given=show(actions),
            stops=True,
        )
    return actions


def policy_of(value: Any, shape: tuple[int, int]) -> np.ndarray:
    """An answer's table of probabilities, (S, A), not yet looked at."""
    one = "One number a state came back, as if actions were asked for. A policy as a table has the "
    return shaped(
        value, shape, "the policy", {shape[:1]: one + "probabilities of all actions in each row."}
    )


def rows_of(value: Any, shape: tuple[int, int]) -> np.ndarray:
    """An answer's probabilities: no negative entry, rows that sum to 1."""
    pi = policy_of(value, shape)
    if pi.min() < -1e-9:
        raise Failed("A probability is negative.", given=show(pi))
    totals = pi.sum(axis=1)
    if not (np.abs(totals - 1) <= 1e-6).all():
        s = int(np.abs(totals - 1).argmax())
        raise Failed(
            f"Row {s} sums to {totals[s]:.4g}.",
            "Each row is a distribution over actions.",
            expected="rows that sum to 1",
            given=show(pi[s]),
        )
    return pi


def stop_of(value: Any, shape: tuple[int, int]) -> tuple[np.ndarray, int]:
    """An answer's pair (Q, k)."""
    Q, k = parts_of(value, ("Q", "k"))
    if as_array(Q).shape == () and as_array(k).shape == shape:
        raise Failed(
            "The two parts are exchanged.",
            "The table comes first, then the number of sweeps.",
            expected="(Q, k)",
            given="(k, Q)",
            stops=True,
        )
    k = number(k, kind="int", what="the number of sweeps")
    return array(Q, shape, what="Q"), k


def table_of(value: Any, shape: tuple[int, int]) -> np.ndarray:
    """An answer's table of action values, (S, A)."""
    causes = {
        (): "One number came back. The whole table is asked for, with the new entry in it.",
        shape[1:]: "One row came back. The whole table is asked for.",
        shape[:1]: "One number a state came back, as in a policy or in V. The table has a number "
        "for each state and action.",
    }
    return shaped(value, shape, "the table", causes)


def stack_of(value: Any, n: int, shape: tuple[int, int]) -> np.ndarray:
    """An answer's tables Q_0 ... Q_n, (n+1, S, A)."""
    causes = {
        shape: "One table came back. All n + 1 of them are asked for.",
        (n, *shape): "One table is missing: n sweeps and the table before them make n + 1.",
        (n + 2, *shape): "There is one table too many: n sweeps and the table before them make "
        "n + 1.",
    }
    return shaped(value, (n + 1, *shape), "the stack of tables", causes)


def world_of(value: Any) -> TabularMDP:
    """The world of the counterexample: small, dense and discounted."""
    if value is None:
        array(value, ())
    if not isinstance(value, TabularMDP):
        raise Failed(
            f"The result is of type {type(value).__name__}.", expected="a TabularMDP", stops=True
        )
    if value.is_sparse:
        raise Failed("The world is stored in sparse form: give P as an array.", stops=True)
    if value.n_states > 3 or value.n_actions != 2:
        raise Failed(
            "The world does not have the size that is asked for.",
            "Terminal states count too." * (value.n_states > 3),
            expected="at most 3 states, 2 actions",
            given=f"{value.n_states} states, {value.n_actions} actions",
            stops=True,
        )
    if value.gamma > 0.99:
        raise Failed(
            "The discount is too close to 1.",
            expected="gamma at most 0.99",
            given=f"gamma = {value.gamma:g}",
            stops=True,
        )
    if np.abs(value.R).max() > 1000:
        raise Failed(
            "A reward is too large.",
            expected="rewards between -1000 and 1000",
            given=f"up to {np.abs(value.R).max():.4g}",
            stops=True,
        )
    return value


sweeps = Exercise("03_fqi/q_iteration")


@sweeps.check("two sweeps at the door", hint="Three tables: Q_0, Q_1, Q_2.")
def _q_iteration(answer, rng):
    expected = [[[0.0, 0.0]] * 2, [[1.0, 0.0], [0.0, 0.0]], [[1.0, 0.5], [0.0, 0.0]]]
    close(stack_of(answer(door(), 2), 2, (2, 2)), expected, what="the stack of tables")


best_action = Exercise("03_fqi/greedy")


@best_action.check("one state, three actions", hint="The largest value is the second one.")
def _greedy(answer, rng):
    Q = np.array([[1.0, 3.0, 2.0]])
    close(actions_of(answer(Q), Q), [1], what="the policy")


as_table = Exercise("03_fqi/greedy_probs")


@as_table.check("one state, three actions", hint="All probability on the second action.")
def _greedy_probs(answer, rng):
    pi = rows_of(answer(np.array([[1.0, 3.0, 2.0]])), (1, 3))
    close(pi, [[0.0, 1.0, 0.0]], what="the policy")


mostly = Exercise("03_fqi/eps_greedy_probs")


@mostly.check("eps = 0.3, three actions", hint="Every action gets 0.1, the best one 0.7 more.")
def _eps_greedy_probs(answer, rng):
    pi = rows_of(answer(np.array([[1.0, 3.0, 2.0]]), 0.3), (1, 3))
    close(pi, [[0.1, 0.8, 0.1]], what="the policy")


count = Exercise("03_fqi/iterations_needed")


@count.check("r_max = 1, gamma = 0.9, eps = 0.1", hint="0.9^44 · 10 is just below 0.1.")
def _iterations_needed(answer, rng):
    close(number(answer(1.0, 0.9, 0.1), kind="int", what="the number of sweeps"), 44.0, what="k")


stop = Exercise("03_fqi/run_until")


@stop.check("the door, tol = 0.25", hint="Changes: 1, then 0.5, then 0. The limit is 0.125.")
def _run_until(answer, rng):
    Q, k = stop_of(answer(door(), 0.25), (2, 2))
    close(Q, [[1.0, 0.5], [0.0, 0.0]], what="Q")
    close(k, 3.0, what="k")


late_switch = Exercise("03_fqi/hunt_late_switch")


@late_switch.check("a small discounted world", hint="Any world of that size passes here.")
def _hunt_late_switch(answer, rng):
    world_of(answer())


readings = Exercise("03_fqi/read_off")
READINGS = ("news", "settled", "near")


@readings.check("four tables of one state", hint="Write the four rows below each other.")
def _read_off(answer, rng):
    Qs = np.array([[[-1.0, 0.0]], [[2.0, 0.5]], [[2.5, 3.5]], [[2.5, 4.0]]])
    found = integers_of(answer(Qs, 0, 1.0), READINGS)
    for name, given, expected in zip(READINGS, found, (1, 2, 2), strict=True):
        close(given, float(expected), what=f"`{name}`")


fitted = Exercise("03_fqi/fqi")


@fitted.check("one pair, sampled twice", hint="The mean of 1 and 3; the other pairs stay 0.")
def _fqi(answer, rng):
    batch = (
        np.array([0, 0]),
        np.array([0, 0]),
        np.array([1.0, 3.0]),
        np.array([1, 1]),
        np.array([True, True]),
    )
    close(answer(batch, 2, 2, 0.9, 1), [[2.0, 0.0], [0.0, 0.0]], what="Q")


update = Exercise("03_fqi/q_learning_update")


@update.check("one step, with and without an end", hint="Targets: 2 + 0.9 · 10, and 2.")
def _q_learning_update(answer, rng):
    Q = np.array([[0.0, 0.0], [10.0, -1.0]])
    for over, expected, what in ((False, 5.5, "row 0"), (True, 1.0, "row 0 after an end")):
        table = table_of(answer(Q, 0, 0, 2.0, 1, over, 0.5, 0.9), (2, 2))
        close(table[0], [expected, 0.0], what=what)


online = Exercise("03_fqi/q_learning")


@online.check("no step, and many at the door", hint="Leaving pays 1; waiting is worth half of it.")
def _q_learning(answer, rng):
    close(answer(door(), 0, rng), np.zeros((2, 2)), what="the table without a step")
    close(answer(door(), 400, rng), [[1.0, 0.5], [0.0, 0.0]], atol=0.25, what="the table")
