"""Hidden checks of 03_fqi.

Expected values come from sources that do not resemble an answer: backups written out pair by pair,
the best of all plans (enumeration), loops over the samples of one pair, the set of all tables that
a random learner can end with.

False alarms. Ten of the eleven exercises are compared with an oracle, on instances that keep away
from where rounding would decide: best actions lead by 1e-3 of the table (`apart`), or tie exactly;
the real number of sweeps is 0.02 or more from a whole one (`usual_task`); no change comes nearer to
the limit than by 1e-6 of it (`clear_task`). Where a bound is met exactly, gamma is 0 or all numbers
are powers of two. Tables may be off by 2e-6 of their largest entry. Nothing is left to chance: 0.

`q_learning` draws. `_steps`, `_restarts` and the greedy part of `_explores` ask whether a table can
be reached at all: 0. `_explores` compares five frequencies with their probabilities (two numbers of
other second actions, three of repeated actions), each wrong with probability at most 1e-7
(`tabular.slack`): 5e-7; that 600 right runs all give one table has probability 0.74^599 < 1e-78.
`_learns` asks for a median relative error of at most 0.10 over five runs of 4,000 random steps in
worlds of `_learning_world`; of 10,000 such runs (omega = 0.7, gamma = 0.8) the median error was
0.018, the largest 0.075, none exceeded 0.10. So p(one run > 0.10) <= 3e-4 at 95 % confidence (rule
of three), and three of five exceed it with probability at most 10 p^3 < 3e-10. In all fewer than
1e-6 for a right notebook. With step size 1/N, the slow schedule of the notebook, the median was
0.156, and 392 of 10,000 runs stayed below 0.10; with step size 1 the median was 0.267, and 77 of
3,000 did. `pytest -m slow tests/test_nb03_fqi.py` repeats this calibration.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from grader.exams.evidence import Evidence
from grader.exams.tabular import random_mdp, slack
from qlib import envs, solve
from qlib.checks import AnswerError, Exercise, Failed, array, close, matches, number, show
from qlib.checks.compare import as_array
from qlib.checks.nb03_fqi import (
    READINGS,
    actions_of,
    integers_of,
    policy_of,
    rows_of,
    stack_of,
    stop_of,
    table_of,
    world_of,
)
from qlib.mdp import TabularMDP

# --- worlds and oracles ------------------------------------------------------------------------


def backup(mdp: TabularMDP, Q: np.ndarray) -> np.ndarray:
    """T* Q, written out pair by pair."""
    result = np.zeros(mdp.R.shape)
    best = [max(float(q) for q in row) for row in Q]
    for s, a in np.ndindex(*mdp.R.shape):
        mean = math.fsum(float(p) * v for p, v in zip(mdp.P[s, a], best, strict=True))
        result[s, a] = float(mdp.R[s, a]) + mdp.gamma * mean
    return result


def frames(mdp: TabularMDP, n: int, Q0: np.ndarray | None = None) -> np.ndarray:
    """Q_0 ... Q_n, (n+1, S, A)."""
    tables = [np.zeros(mdp.R.shape) if Q0 is None else np.array(Q0, dtype=float)]
    for _ in range(n):
        tables.append(backup(mdp, tables[-1]))
    return np.stack(tables)


def best_plans(mdp: TabularMDP, n: int) -> np.ndarray:
    """The largest expected sum of the first n rewards from (s, a), (S, A).

    Over all plans: a plan says for each later step and each state which action to take.
    """
    S, A = mdp.R.shape
    best = np.full((S, A), -np.inf)
    rules = list(itertools.product(range(A), repeat=S))
    for plan in itertools.product(rules, repeat=n - 1):
        V = np.zeros(S)  # what is still to come, from the last step back to the second
        for rule in reversed(plan):
            V = np.array([mdp.R[s, a] + mdp.gamma * mdp.P[s, a] @ V for s, a in enumerate(rule)])
        best = np.maximum(best, mdp.R + mdp.gamma * mdp.P @ V)
    return best


def some_table(rng: np.random.Generator, mdp: TabularMDP, size: float = 3.0) -> np.ndarray:
    """Random action values, (S, A), 0 in terminal states."""
    Q = size * rng.normal(size=mdp.R.shape)
    Q[mdp.terminal] = 0.0
    return Q


def forward_world(rng: np.random.Generator) -> TabularMDP:
    """Every step leads to a state with a higher number; the last one is terminal."""
    S, A = int(rng.integers(4, 7)), int(rng.integers(2, 4))
    P, R = np.zeros((S, A, S)), rng.normal(size=(S, A)) - 0.3
    for s, a in np.ndindex(S - 1, A):
        P[s, a, s + 1 :] = rng.dirichlet(np.ones(S - 1 - s))
    P[S - 1, :, S - 1], R[S - 1] = 1.0, 0.0
    return TabularMDP(P, R, float(rng.uniform(0.5, 0.95)), np.arange(S) == S - 1)


def see_table(
    evidence: Evidence, value: Any, right: np.ndarray, mistakes: Callable[[], dict]
) -> None:
    """Compare tables; 2e-6 of the largest entry is forgiven everywhere, as single precision needs.

    Args:
        evidence: where the comparison is noted.
        value: what the answer returned.
        right: the oracle's table or stack of tables.
        mistakes: cause -> the table that this mistake gives.
    """
    found = array(value, right.shape, what=evidence.what)
    same = np.abs(found - right) <= 2e-6 * np.abs(right).max(initial=0.0)
    evidence.see(np.where(same, right, found), right, mistakes)


def note(evidence: Evidence, found: Failed, explained: Iterable[str]) -> None:
    """Add a finding that is no comparison of two values.

    Args:
        evidence: where it is noted.
        found: what is wrong with this instance.
        explained: the mistakes that would lead to it.
    """
    if evidence.first is None:
        evidence.first, evidence.causes = found, dict.fromkeys(explained)
    else:
        kept = set(explained)
        evidence.causes = {c: None for c in evidence.causes or {} if c in kept}


@contextmanager
def why_raised(find: Callable[[], str]) -> Iterator[None]:
    """If the answer raises an exception, add the cause to what is said.

    Args:
        find: asks the answer again, where the mistake raises nothing; "" if it is another one.
    """
    try:
        yield
    except AnswerError as error:
        if error.kind == "raised":
            with suppress(AnswerError, Failed):  # it raises there too, or returns no table
                error.message = f"{error.message} {find()}".strip()
        raise


# --- 1 q_iteration -----------------------------------------------------------------------------

sweeps = Exercise("03_fqi/q_iteration")


def in_place(mdp: TabularMDP, Q: np.ndarray) -> np.ndarray:
    """A sweep that uses new entries as soon as they are there."""
    Q = Q.copy()
    for s, a in np.ndindex(*Q.shape):
        Q[s, a] = mdp.R[s, a] + mdp.gamma * mdp.P[s, a] @ Q.max(axis=1)
    return Q


def in_place_by_state(mdp: TabularMDP, Q: np.ndarray) -> np.ndarray:
    """The same, state by state."""
    Q = Q.copy()
    for s in range(len(Q)):
        Q[s] = mdp.R[s] + mdp.gamma * mdp.P[s] @ Q.max(axis=1)
    return Q


IN_PLACE = (
    "New entries are used within the sweep that makes them. All of Q_{k+1} comes from Q_k: keep "
    "the old table until the new one is complete."
)
SWEEPS: dict[str, Callable[[TabularMDP, np.ndarray], np.ndarray]] = {
    "The next value is the mean over actions: that is the backup of the uniform policy. The "
    "optimality equation takes the maximum.": lambda m, Q: m.R + m.gamma * m.P @ Q.mean(axis=1),
    "The next value is the minimum over actions.": lambda m, Q: m.R + m.gamma * m.P @ Q.min(axis=1),
    "The maximum is taken in the state itself, not in the next one: where is the expectation "
    "over P?": lambda m, Q: m.R + m.gamma * Q.max(axis=1, keepdims=True),
    "The maximum runs over all states and actions at once.": lambda m, Q: m.R + m.gamma * Q.max(),
    "The next value is not discounted.": lambda m, Q: m.R + m.P @ Q.max(axis=1),
    "The reward is discounted too.": lambda m, Q: m.gamma * (m.R + m.P @ Q.max(axis=1)),
    "There is no reward in the backup.": lambda m, Q: m.gamma * m.P @ Q.max(axis=1),
    "The maximum includes 0, so the value is never below 0. With costs it has to be.": (
        lambda m, Q: m.R + m.gamma * m.P @ np.maximum(Q.max(axis=1), 0.0)
    ),
    "The backup is added to the old table. It replaces the old table.": (
        lambda m, Q: Q + m.R + m.gamma * m.P @ Q.max(axis=1)
    ),
    "The largest next value is taken, whatever its probability: the next state is an "
    "expectation, only the action is a maximum.": (
        lambda m, Q: m.R + m.gamma * np.where(m.P > 0, Q.max(axis=1), -np.inf).max(axis=2)
    ),
    IN_PLACE + " (It happens pair by pair.)": in_place,
    IN_PLACE + " (It happens state by state.)": in_place_by_state,
}


OVER_STATES = (
    "The maximum runs over states: it gives one number for each action, and P @ V needs one for "
    "each next state."
)


def over_states(mdp: TabularMDP, Q: np.ndarray) -> np.ndarray:
    """A sweep with the maximum over the wrong axis; only where S = A."""
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=0)


def stacks_by_mistake(mdp: TabularMDP, n: int, Q0: np.ndarray | None = None) -> dict:
    """What each mistake of `SWEEPS` makes of the whole stack."""
    first = np.zeros(mdp.R.shape) if Q0 is None else Q0
    right = frames(mdp, n, first)
    found = {
        "All tables are the last one: the same array is stored again and again, and changed "
        "later.": np.repeat(right[-1:], n + 1, axis=0)
    }
    square = {OVER_STATES: over_states} if mdp.n_states == mdp.n_actions else {}
    for cause, sweep in (SWEEPS | square).items():
        tables = [first]
        for _ in range(n):
            tables.append(sweep(mdp, tables[-1]))
        found[cause] = np.stack(tables)
        if cause.startswith(IN_PLACE):
            found["All tables are the last one. " + cause] = np.repeat(
                np.stack(tables)[-1:], n + 1, axis=0
            )
    found["Q0 is not used: the tables begin with zeros."] = frames(mdp, n)
    found["The first reward table stands at the beginning: Q_0 is the table before any sweep."] = (
        frames(mdp, n + 1, first)[1:]
    )
    return found


def why_no_sweep(answer, rng: np.random.Generator) -> str:
    """Whether the maximum runs over states: that raises nothing in worlds with S = A."""
    for _ in range(3):
        mdp = random_mdp(rng, 3, 3)
        stack = stack_of(answer(mdp, 3), 3, mdp.R.shape)
        if not matches(stack, stacks_by_mistake(mdp, 3)[OVER_STATES], rtol=1e-5, atol=1e-6):
            return ""
    return OVER_STATES


def expect_stacks(answer, rng: np.random.Generator, cases: list[tuple]) -> None:
    """Compare the stacks for (world, n) or (world, n, Q0)."""
    evidence = Evidence("the stack of tables")
    with why_raised(lambda: why_no_sweep(answer, rng)):
        for case, stack in zip(cases, answer.many(cases), strict=True):
            see_table(evidence, stack, frames(*case), lambda case=case: stacks_by_mistake(*case))
    evidence.conclude()


@sweeps.check(
    "n sweeps give n + 1 tables, beginning with Q_0",
    points=1.5,
    hint="n = 0 gives a stack of one table.",
)
def _stack(answer, rng):
    for n in rng.permutation([0, 1, 4]):
        n = int(n)
        mdp = random_mdp(rng, n_terminal=1)
        for Q0 in (None, some_table(rng, mdp)):
            with why_raised(lambda n=n: why_no_sweep(answer, rng) if n else ""):
                value = answer(mdp, n) if Q0 is None else answer(mdp, n, Q0)
            stack = stack_of(value, n, mdp.R.shape)
            first = np.zeros(mdp.R.shape) if Q0 is None else Q0
            cause = ""
            if Q0 is not None and matches(stack[0], np.zeros(mdp.R.shape)):
                cause = "Q0 is not used: the tables begin with zeros."
            elif n and matches(stack[0], stack[-1]):
                cause = "All tables are the last one: the same array is stored again and again."
            elif matches(stack[0], backup(mdp, first)):
                cause = "Q_0 is the table before any sweep."
            close(stack[0], first, what="the first table", cause=cause)


@sweeps.check(
    "a sweep is the reward plus the discounted expectation of the best next value",
    points=2.5,
    hint="In these worlds every step leads to a state with a higher number.",
)
def _one_sweep(answer, rng):
    cases = []
    for k in range(12):
        mdp = forward_world(rng)
        if k % 4 == 3:  # values far below 0
            R = np.where(mdp.terminal[:, None], 0.0, mdp.R - 1e4)
            mdp = TabularMDP(mdp.P, R, mdp.gamma, mdp.terminal)
        cases.append((mdp, int(rng.integers(2, 5)), some_table(rng, mdp)))
    expect_stacks(answer, rng, cases)


@sweeps.check(
    "a sweep reads the table before, and no new entry",
    points=1.5,
    hint="Here steps lead back, too. Is the old table still there when the last entry is made?",
)
def _jacobi(answer, rng):
    worlds = [random_mdp(rng, n_terminal=int(rng.integers(0, 2))) for _ in range(12)]
    expect_stacks(answer, rng, [(mdp, int(rng.integers(1, 5))) for mdp in worlds])


@sweeps.check(
    "Q_n is the best return of n steps",
    points=1,
    hint="From zeros, one sweep looks one step ahead.",
)
def _horizon(answer, rng):
    evidence = Evidence("the last table")
    for _ in range(4):
        mdp = random_mdp(rng, 3, 2, n_terminal=int(rng.integers(0, 2)))
        n = int(rng.integers(2, 4))
        with why_raised(lambda: why_no_sweep(answer, rng)):
            stack = array(answer(mdp, n), (n + 1, 3, 2), what="the stack of tables")
        see_table(
            evidence,
            stack[-1],
            best_plans(mdp, n),
            lambda mdp=mdp, n=n: {
                cause: stacks[-1] for cause, stacks in stacks_by_mistake(mdp, n).items()
            },
        )
    evidence.conclude()


@sweeps.check(
    "Q0 is left unchanged",
    points=1.5,
    hint="The second of two calls with the same Q0 gives what the first gave.",
)
def _unchanged(answer, rng):
    for _ in range(3):
        mdp = random_mdp(rng)
        Q0 = some_table(rng, mdp)
        with why_raised(lambda: why_no_sweep(answer, rng)):
            first, second = answer.repeat(2, mdp, 2, Q0)
        for value, what in (
            (second, "the stack of a second call with the same Q0"),
            (first, "the stack of tables"),
        ):
            evidence, stack = Evidence(what), array(value, (3, *mdp.R.shape), what=what)
            named = stacks_by_mistake(mdp, 2, Q0)
            if value is second and not matches(stack[0], Q0):
                named = {"The first call has changed Q0: work on a copy.": stack}
            see_table(evidence, stack, frames(mdp, 2, Q0), lambda named=named: named)
            evidence.conclude()


# --- 2 greedy, greedy_probs, eps_greedy_probs --------------------------------------------------

best_action = Exercise("03_fqi/greedy")
as_table = Exercise("03_fqi/greedy_probs")
mostly = Exercise("03_fqi/eps_greedy_probs")


def value_tables(rng: np.random.Generator, ties: bool) -> Iterator[np.ndarray]:
    """Random tables: of both signs, all negative, hardly apart, one action; with ties if asked."""
    for k in range(20):
        S, A = int(rng.integers(3, 9)), int(rng.integers(2, 6))
        if ties:
            Q = rng.integers(-3, 2, (S, A)) / 4.0
            if k % 3 == 0:
                Q[int(rng.integers(S))] = -0.75  # a whole row
        elif k == 5:
            Q = rng.normal(size=(S, 1))
        else:
            Q = apart(rng, S, A, -10.0 if k % 3 == 1 else 0.0) * (1e-3 if k % 3 == 2 else 1.0)
        yield Q


def apart(rng: np.random.Generator, S: int, A: int, shift: float) -> np.ndarray:
    """A normal table whose best two entries of each row differ by more than single precision."""
    while True:
        Q = rng.normal(size=(S, A)) + shift
        second, first = np.sort(Q, axis=1)[:, -2:].T
        if (first - second > 1e-3 * np.abs(Q).max()).all():
            return Q


def best(Q: np.ndarray) -> np.ndarray:
    """Mask of the best entries of each row, rounding aside."""
    return Q.max(axis=1, keepdims=True) - Q <= 1e-9


WRONG_ACTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "These are the actions with the smallest values.": lambda Q: Q.argmin(axis=1),
    "These are the actions with the largest absolute values.": lambda Q: np.abs(Q).argmax(axis=1),
    "The comparison starts with 0: it finds nothing where all values are negative.": (
        lambda Q: np.where(Q.max(axis=1) > 0, Q.argmax(axis=1), 0)
    ),
}


def expect_greedy(answer, tables: Iterator[np.ndarray]) -> None:
    """Each action attains the maximum of its row."""
    evidence, tables = Evidence(), list(tables)
    for Q, value in zip(tables, answer.many((Q,) for Q in tables), strict=True):
        actions = actions_of(value, Q)
        good = best(Q)[np.arange(len(Q)), actions]
        if good.all():
            continue
        s = int(np.flatnonzero(~good)[0])
        found = Failed(
            f"In a state with the values {show(Q[s])} the action is {actions[s]}.",
            expected=f"an action of value {Q[s].max():.4g}",
            given=f"value {Q[s, actions[s]]:.4g}",
        )
        note(evidence, found, [c for c, f in WRONG_ACTIONS.items() if (f(Q) == actions).all()])
    evidence.conclude()


@best_action.check(
    "the action attains the largest value of its state",
    points=1,
    hint="All values may be negative, and there may be one action only.",
)
def _greedy(answer, rng):
    expect_greedy(answer, value_tables(rng, ties=False))


@best_action.check(
    "where several actions are best, it is one of them",
    points=1,
    hint="Any of them is right, but it must be one.",
)
def _greedy_ties(answer, rng):
    expect_greedy(answer, value_tables(rng, ties=True))


def softmax(Q: np.ndarray) -> np.ndarray:
    """exp(Q), normalised."""
    weights = np.exp(Q - Q.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def normalised(weights: np.ndarray) -> np.ndarray:
    """Each row divided by its sum, where there is one."""
    totals = weights.sum(axis=1, keepdims=True)
    return weights / np.where(totals == 0, 1.0, totals)


WRONG_POLICIES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "Tied actions share the probability: a row sums to 1.": lambda Q: best(Q) * 1.0,
    "Best entries are divided by the number of all actions, not by that of the best ones.": (
        lambda Q: best(Q) / Q.shape[1]
    ),
    "The values stand where probabilities are asked for.": lambda Q: np.where(best(Q), Q, 0.0),
    "The maximum is taken over the whole table; each state has its own.": lambda Q: Q.max() == Q,
    "The maximum is taken over the whole table; each state has its own best action.": (
        lambda Q: normalised((Q.max() == Q) * 1.0)
    ),
    "All probability lies on the worst action.": (
        lambda Q: normalised((Q.min(axis=1, keepdims=True) == Q) * 1.0)
    ),
    "A softmax prefers good actions; a greedy policy takes nothing else.": softmax,
    "The values are turned into shares. A greedy policy takes nothing but the best.": normalised,
    "The values above the smallest one are turned into shares. A greedy policy takes nothing but "
    "the best.": lambda Q: normalised(Q - Q.min(axis=1, keepdims=True)),
    "The policy is uniform: the values play no part.": lambda Q: np.full(Q.shape, 1 / Q.shape[1]),
}
ALMOST = "Actions that are almost as good count as tied. Only the largest value counts."


def policy_causes(pi: np.ndarray, Q: np.ndarray) -> Iterator[str]:
    """The mistakes that would give this policy."""
    for cause, mistake in WRONG_POLICIES.items():
        if matches(pi, mistake(Q), rtol=1e-5, atol=1e-7):
            yield cause
    gaps = Q.max(axis=1, keepdims=True) - Q
    taken = pi > 1e-9
    widest = gaps[taken].max(initial=0.0)
    if widest < 0.5 and (taken == (gaps <= widest)).all():  # one tolerance for all states
        yield ALMOST


def expect_greedy_policy(answer, tables: Iterator[np.ndarray]) -> None:
    """All probability on best actions."""
    evidence, tables = Evidence(), list(tables)
    for Q, value in zip(tables, answer.many((Q,) for Q in tables), strict=True):
        pi = policy_of(value, Q.shape)
        try:
            rows_of(pi, Q.shape)
            lost = np.where(best(Q), 0.0, pi).sum(axis=1)
            if (lost <= 1e-6).all():
                continue
            s = int(lost.argmax())
            raise Failed(
                f"With the values {show(Q[s])}, actions that are not best have probability "
                f"{lost[s]:.3g}.",
                expected="0",
                given=show(pi[s]),
            )
        except Failed as found:
            note(evidence, found, policy_causes(pi, Q))
    evidence.conclude()


@as_table.check(
    "all probability lies on the best action",
    points=1,
    hint="One row a state: find the best entry of that row.",
)
def _greedy_probs(answer, rng):
    expect_greedy_policy(answer, value_tables(rng, ties=False))


@as_table.check(
    "tied actions share it, and rows sum to 1",
    points=1,
    hint="Two best actions may have 1/2 each, or one of them 1.",
)
def _greedy_probs_ties(answer, rng):
    expect_greedy_policy(answer, value_tables(rng, ties=True))


def expect_eps_greedy(answer, cases: list[tuple[np.ndarray, float]]) -> None:
    """Every action gets eps / A, best ones the rest."""
    evidence = Evidence()
    for (Q, eps), value in zip(cases, answer.many(cases), strict=True):
        see_eps_greedy(evidence, value, Q, eps)
    evidence.conclude()


def eps_greedy_causes(found: np.ndarray, Q: np.ndarray, eps: float) -> Iterator[str]:
    """The mistakes that would give these numbers, however tied actions share."""
    (S, A), good = Q.shape, best(Q)
    floor = eps / A
    for one in (np.eye(A)[Q.argmax(axis=1)], normalised(good * 1.0)):
        named = {
            "The random action is drawn among the other actions only. It is drawn among all, so "
            "the best one gets a part of eps too.": np.where(
                one > 0, (1 - eps) * one, eps / max(1, A - 1)
            ),
            "eps and 1 - eps are exchanged.": eps * one + (1 - eps) / A,
            "The policy is greedy: eps has no effect.": one,
            "The policy is uniform: the values play no part.": np.full((S, A), 1 / A),
            "The policy does not explore where it is greedy: the best action gets a part of eps "
            "too.": np.where(one > 0, (1 - eps) * one, floor),
            "Each action gets eps, not eps / A.": (1 - eps) * one + eps,
            "eps is divided by the number of states, not by that of the actions.": (
                (1 - eps) * one + eps / S
            ),
            "The best action gets eps / A more than its part: by choice it has 1 - eps.": (
                one + floor
            ),
            "Each of the tied actions gets the whole rest. They share it: a row sums to 1.": (
                floor + (1 - eps) * good
            ),
        }
        if A == 1:
            named["The only action has probability 1, whatever eps is."] = found
        for cause, value in named.items():
            if matches(found, value, rtol=1e-5, atol=1e-7):
                yield cause


def see_eps_greedy(evidence: Evidence, value: Any, Q: np.ndarray, eps: float) -> None:
    """Judge one policy."""
    S, A = Q.shape
    pi = policy_of(value, (S, A))
    try:
        rows_of(pi, (S, A))
        floor = eps / A
        off = np.where(best(Q), floor - pi, np.abs(pi - floor)).max(axis=1)
        if (off <= 1e-6).all():
            return
        s = int(off.argmax())
        raise Failed(
            f"With eps = {eps:.3g}, {A} actions and the values {show(Q[s])} the probabilities are "
            "not right.",
            expected=f"{floor:.4g} for each action that is not best, and the rest on best ones",
            given=show(pi[s]),
        )
    except Failed as found:
        note(evidence, found, eps_greedy_causes(pi, Q, eps))


@mostly.check(
    "each action gets eps / A, the best one the rest",
    points=1,
    hint="Two ways lead to the best action: by choice, and by chance.",
)
def _eps_greedy(answer, rng):
    tables = [Q for Q in value_tables(rng, ties=False) if Q.shape[1] > 1]
    expect_eps_greedy(answer, [(Q, float(rng.uniform(0.1, 0.8))) for Q in tables])


@mostly.check(
    "eps = 0 is greedy, eps = 1 is uniform, one action is certain",
    points=0.5,
    hint="Put 0 and 1 into the formula.",
)
def _eps_greedy_ends(answer, rng):
    tables = [Q[:, :1] if k % 4 == 3 else Q for k, Q in enumerate(value_tables(rng, ties=False))]
    chances = [float(rng.choice([0.0, 1.0, rng.uniform(0.2, 0.8)])) for _ in tables]
    expect_eps_greedy(answer, list(zip(tables, chances, strict=True)))


@mostly.check(
    "with ties the rest is shared among best actions",
    points=0.5,
    hint="The row sums to 1 whatever the number of best actions is.",
)
def _eps_greedy_ties(answer, rng):
    tables = value_tables(rng, ties=True)
    expect_eps_greedy(answer, [(Q, float(rng.uniform(0.1, 0.8))) for Q in tables])


# --- 3 iterations_needed, run_until ------------------------------------------------------------

count = Exercise("03_fqi/iterations_needed")
Task = tuple[float, float, float]


def sweeps_exactly(r_max: float, gamma: float, eps: float) -> float:
    """The real k with gamma^k r_max / (1 - gamma) = eps, for gamma > 0."""
    return math.log(eps * (1 - gamma) / r_max) / math.log(gamma)


def smallest(r_max: float, gamma: float, eps: float) -> int:
    """The smallest whole k, in closed form."""
    if r_max <= eps * (1 - gamma) or gamma == 0:
        return int(r_max > eps * (1 - gamma))
    return max(0, math.ceil(sweeps_exactly(r_max, gamma, eps)))


def usual_task(
    rng: np.random.Generator, low: float = 0.3, high: float = 0.97, most: float = 0.6
) -> Task:
    """r_max, gamma, eps; the bound meets eps at no whole k, so rounding cannot decide."""
    while True:
        r_max, gamma = float(rng.uniform(0.2, 9.0)), float(rng.uniform(low, high))
        eps = r_max / (1 - gamma) * float(rng.uniform(0.002, most))
        exact = sweeps_exactly(r_max, gamma, eps)
        if 0.02 < exact % 1 < 0.98 and exact > 1:
            return r_max, gamma, eps


def count_mistakes(r_max: float, gamma: float, eps: float) -> dict[str, float]:
    """What typical mistakes answer."""
    right = smallest(r_max, gamma, eps)
    found = {}
    if 0 < gamma < 1:
        plain = math.log(eps / r_max) / math.log(gamma)
        found["The first error is r_max / (1 - gamma), not r_max: rewards go on."] = max(
            0, math.ceil(plain)
        )
        other = math.log(eps / (r_max * (1 - gamma))) / math.log(gamma)
        found["Divide by 1 - gamma; do not multiply."] = max(0, math.ceil(other))
        if (unlimited := math.ceil(sweeps_exactly(r_max, gamma, eps))) < 0:
            found["A number of sweeps is not negative: Q_0 is good enough."] = unlimited
    if r_max == eps * (1 - gamma):
        found["A bound that equals eps is good enough: at most eps is asked for."] = right + 1
    found["Q_0 may be good enough: k = 0 is the first candidate."] = max(1, right)
    found["One sweep too many: with one less the bound is at most eps already."] = right + 1
    found["One sweep too few: with that k the bound is still above eps."] = right - 1
    return found


def expect_count(answer, tasks: list[Task]) -> None:
    """The smallest k for each (r_max, gamma, eps)."""
    evidence, found = Evidence("the number of sweeps"), []
    for task, value in zip(tasks, answer.many(tasks), strict=True):
        found.append(number(value, kind="int", what="the number of sweeps"))
        evidence.see(
            found[-1],
            smallest(*task),
            lambda task=task: count_mistakes(*task),
            what="the number of sweeps for r_max = {:.4g}, gamma = {:.4g}, eps = {:.4g}".format(
                *task
            ),
        )
    right = [smallest(*task) for task in tasks]
    most = max(found)
    if found.count(most) > 1 and all(k == min(most, r) for k, r in zip(found, right, strict=True)):
        evidence.causes = {f"No count goes beyond {most}: something ends the search there.": None}
    evidence.conclude()


@count.check(
    "it is the smallest k with gamma^k r_max / (1 - gamma) <= eps",
    points=1.5,
    hint="Check both: k satisfies the inequality, k - 1 does not.",
)
def _count(answer, rng):
    expect_count(answer, [usual_task(rng) for _ in range(25)])


@count.check(
    "no sweep is needed if Q_0 = 0 is good enough",
    points=0.5,
    hint="A logarithm may give a negative number of sweeps.",
)
def _count_zero(answer, rng):
    tasks = []
    for _ in range(12):
        r_max, gamma, eps = usual_task(rng)
        if rng.random() < 0.5:
            eps = r_max / (1 - gamma) * float(rng.uniform(1.01, 9.0))
        tasks.append((r_max, gamma, eps))
    part = float(rng.choice([0.5, 0.25, 0.125]))  # no rounding: the bound for k = 0 equals eps
    tasks.append((1.0, 1 - part, 1 / part))
    expect_count(answer, [*tasks, usual_task(rng), usual_task(rng)])


@count.check(
    "gamma = 0 needs one sweep, or none",
    points=0.5,
    hint="Without a future the first sweep is exact. The logarithm of 0 does not exist.",
)
def _count_myopic(answer, rng):
    tasks = []
    for _ in range(12):
        r_max, eps = rng.uniform(0.2, 5.0, 2)
        tasks.append((float(r_max), 0.0, float(eps)))
    tasks.append((float(r_max), 0.0, float(r_max)))
    expect_count(answer, [*tasks, usual_task(rng), usual_task(rng)])


@count.check(
    "gamma near 1 needs very many", points=0.5, hint="Is there a limit on the loop somewhere?"
)
def _count_far(answer, rng):
    expect_count(answer, [usual_task(rng, 0.996, 0.999, 0.01) for _ in range(8)])


stop = Exercise("03_fqi/run_until")


def stopped(mdp: TabularMDP, tol: float) -> tuple[np.ndarray, int, float]:
    """Q_k, k and how clearly the rule decides: the smallest |change / limit - 1| on the way."""
    Q, k, clear = np.zeros(mdp.R.shape), 0, np.inf
    while True:
        new = mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)
        change, Q, k = float(np.abs(new - Q).max()), new, k + 1
        if mdp.gamma == 0:
            return Q, k, np.inf
        ratio = change * 2 * mdp.gamma / (tol * (1 - mdp.gamma))
        clear = min(clear, abs(ratio - 1))
        if ratio <= 1:
            return Q, k, clear


def stop_mistakes(mdp: TabularMDP, tol: float) -> dict[str, float]:
    """Number of sweeps of other rules."""
    gamma = mdp.gamma
    right = stopped(mdp, tol)[1]
    tables = frames(mdp, min(3 * right + 60, 900))
    steps = np.diff(tables, axis=0)
    change = np.abs(steps).max(axis=(1, 2))
    limit = tol * (1 - gamma) / (2 * gamma) if gamma else np.inf

    def first(measure: np.ndarray, bound: float = limit) -> float:
        below = np.flatnonzero(measure <= bound)
        return float(below[0] + 1) if len(below) else -1.0

    start = int(mdp.rho0.argmax())
    return {
        "The change is compared with tol itself. A change of tol promises an error of up to "
        "gamma tol / (1 - gamma) only.": first(change, tol),
        "The limit lacks the factor 2 in the denominator.": first(change, 2 * limit),
        "The limit lacks gamma in the denominator.": first(change, tol * (1 - gamma) / 2),
        "The largest change is taken without its sign: a table that sinks seems to stand "
        "still. Use absolute values.": first(steps.max(axis=(1, 2))),
        "The changes are averaged. One pair that still moves can decide: take the largest.": first(
            np.abs(steps).mean(axis=(1, 2))
        ),
        "The Euclidean norm of the change is used, not its largest entry.": first(
            np.sqrt((steps**2).sum(axis=(1, 2)))
        ),
        "Only the first state is watched. News may still be on its way to it.": first(
            np.abs(steps[:, start]).max(axis=1)
        ),
        "Only the change of V is watched, not that of Q.": first(
            np.abs(np.diff(tables.max(axis=2), axis=0)).max(axis=1)
        ),
        "It stops as soon as the greedy policy stays the same.": first(
            np.abs(np.diff(tables.argmax(axis=2), axis=0)).max(axis=1), 0.0
        ),
        "It stops after the first sweep.": 1.0,
        "A change that equals the limit is small enough.": first(np.nextafter(change, np.inf)),
    }


def miscounted(mdp: TabularMDP, tol: float, k: int, Q: np.ndarray) -> list[str]:
    """What is wrong with a number of sweeps that is off by one: the table decides."""
    right = stopped(mdp, tol)[1]
    if abs(k - right) != 1:
        return []
    tables = frames(mdp, right + 1)
    made = np.abs(tables - Q).max(axis=(1, 2)) <= 2e-6 * np.abs(tables).max(axis=(1, 2))
    causes = {
        (1, right): "The table is right; one sweep too many is counted.",
        (1, right + 1): "One sweep too many is made.",
        (-1, right): "The table is right; the last sweep is not counted.",
        (-1, right - 1): "It stops one sweep early: the sweep that showed the small change counts "
        "too, and its table is the result.",
    }
    return [cause for (off, n), cause in causes.items() if k - right == off and made[n]]


Stop = tuple[TabularMDP, float, int, np.ndarray]  # a world, a tolerance; the answer's k and table


def stop_cause(answer, rng: np.random.Generator, seen: list[Stop]) -> str:
    """The mistake that explains the number of sweeps on every instance, right ones included.

    Args:
        answer: asked about more worlds while several mistakes explain everything.
        rng: source of randomness.
        seen: what it has answered; the first twenty wrong ones and ten right ones are looked at.
    """
    right = [stopped(mdp, tol)[1] == k for mdp, tol, k, _ in seen]
    if all(right):
        return "The number of sweeps is right. Is it the table after them?"
    tasks = [task for task, fine in zip(seen, right, strict=True) if not fine][:20]
    tasks += [task for task, fine in zip(seen, right, strict=True) if fine][:10]
    named: dict[str, None] | None = None
    for i in range(60):
        if i >= len(tasks):
            if len(named or {}) < 2:
                break
            mdp, tol = clear_task(rng, lambda i=i: any_world(rng, i))
            Q, k = stop_of(answer(mdp, tol), mdp.R.shape)
            tasks.append((mdp, tol, k, Q))
        mdp, tol, k, Q = tasks[i]
        if mdp.gamma > 0:
            fits = {c: None for c, value in stop_mistakes(mdp, tol).items() if value == k}
            fits |= dict.fromkeys(miscounted(mdp, tol, k, Q))
            named = fits if named is None else {c: None for c in named if c in fits}
    return next(iter(named or {}), "")


def any_world(rng: np.random.Generator, i: int) -> TabularMDP:
    """A world with rewards of both signs, with costs only, or with a late reward."""
    return (random_mdp(rng), only_costs(rng), late_reward(rng))[i % 3]


def expect_stop(answer, rng, tasks: list[tuple[TabularMDP, float]]) -> None:
    """Q_k and k of the rule."""
    seen = []
    for (mdp, tol), value in zip(tasks, answer.many(tasks), strict=True):
        Q, k = stop_of(value, mdp.R.shape)
        seen.append((mdp, tol, k, Q))
    right = [stopped(mdp, tol)[:2] for mdp, tol in tasks]
    for (mdp, tol, k, _), (_, k_right) in zip(seen, right, strict=True):
        if k != k_right:
            raise Failed(
                f"With gamma = {mdp.gamma:.3g} and tol = {tol:.3g} it reports {k} "
                f"sweep{'s' * (k != 1)} instead of {k_right}.",
                stop_cause(answer, rng, seen),
                expected=str(k_right),
                given=str(k),
            )
    evidence = Evidence("Q")
    for (mdp, _, k, Q), (Q_right, _) in zip(seen, right, strict=True):
        mistakes = {
            "The table before the last sweep is returned.": frames(mdp, int(k) - 1)[-1],
            "The table is one sweep ahead of the number.": backup(mdp, Q_right),
        }
        see_table(evidence, Q, Q_right, lambda mistakes=mistakes: mistakes)
    evidence.conclude()


def clear_task(rng: np.random.Generator, make: Callable[[], TabularMDP]) -> tuple:
    """A world and a tolerance at which rounding cannot decide when to stop."""
    while True:
        mdp, tol = make(), float(10 ** rng.uniform(-3.5, -0.5))
        if stopped(mdp, tol)[2] > 1e-6:
            return mdp, tol


@stop.check(
    "it stops at the first sweep whose largest change is small enough",
    points=1,
    hint="Compare the largest absolute change with tol (1 - gamma) / (2 gamma).",
)
def _stop(answer, rng):
    make = [lambda: random_mdp(rng, gamma=float(rng.uniform(0.3, 0.9)))] * 8
    make += [lambda: random_mdp(rng, n_terminal=1, gamma=float(rng.uniform(0.6, 0.9)))] * 8
    make.append(lambda: random_mdp(rng, gamma=0.0))
    tasks = [clear_task(rng, f) for f in make]
    for k in rng.integers(1, 6, size=3).tolist():  # no rounding: change k equals the limit
        loop = TabularMDP(np.ones((1, 2, 1)), rng.permutation([[1.0], [0.5]]).T, 0.5)
        tasks.append((loop, 2.0 * 0.5 ** (k - 1)))
    expect_stop(answer, rng, tasks)


@stop.check(
    "then Q is within tol / 2 of Q*, and the greedy policy loses at most tol",
    points=1,
    hint="The rule promises this for every world. Too large a limit breaks the promise.",
)
def _promise(answer, rng):
    tasks = []
    for k in range(100):
        gamma = float(rng.uniform(0.8, 0.95))
        if k % 10 == 0:  # a loop that pays the same for ever: here the promise is just kept
            mdp = TabularMDP(np.ones((1, 2, 1)), rng.uniform(1, 2, (1, 2)), gamma)
        else:
            mdp = envs.garnet(6, 2, 3, rng, gamma)
        tasks.append((mdp, float(10 ** rng.uniform(-2, -0.5))))
    seen, wrong = [], None
    for (mdp, tol), value in zip(tasks, answer.many(tasks), strict=True):
        Q, sweep = stop_of(value, mdp.R.shape)
        seen.append((mdp, tol, sweep, Q))
        solution = solve.policy_iteration(mdp)
        error = float(np.abs(Q - solution.Q).max())
        if wrong is None and not error <= tol / 2 + 2e-6 * np.abs(solution.Q).max():
            lost = (solution.V - solve.policy_evaluation(mdp, Q.argmax(axis=1)).V).max()
            wrong = Failed(
                f"With tol = {tol:.3g} and gamma = {mdp.gamma:.3g}, Q is {error:.3g} away from Q*"
                f"{f'; its greedy policy loses {lost:.3g}' if lost > 1e-9 else ''}.",
                expected=f"at most tol / 2 = {tol / 2:.3g}",
                given=f"{error:.3g}",
            )
    if wrong is not None:
        wrong.cause = stop_cause(answer, rng, seen)
        raise wrong


def late_reward(rng: np.random.Generator) -> TabularMDP:
    """A corridor whose reward waits behind its end; it starts at state 0."""
    mdp = envs.chain(int(rng.integers(4, 9)), float(rng.uniform(0.6, 0.9)))
    return TabularMDP(mdp.P, mdp.R * rng.uniform(1, 9), mdp.gamma, mdp.terminal, mdp.rho0)


def only_costs(rng: np.random.Generator) -> TabularMDP:
    """All rewards are negative: every entry sinks."""
    mdp = random_mdp(rng, n_terminal=int(rng.integers(0, 2)))
    R = np.where(mdp.terminal[:, None], 0.0, -np.abs(mdp.R) - 0.1)
    return TabularMDP(mdp.P, R, mdp.gamma, mdp.terminal, mdp.rho0)


@stop.check(
    "costs, and rewards that arrive late, do not stop it early",
    points=1,
    hint="A change may be negative, and most states may not have heard the news yet.",
)
def _late(answer, rng):
    tasks = [clear_task(rng, lambda: late_reward(rng)) for _ in range(5)]
    tasks += [clear_task(rng, lambda: only_costs(rng)) for _ in range(5)]
    expect_stop(answer, rng, [tasks[int(i)] for i in rng.permutation(10)])


# --- 4 hunt_late_switch ------------------------------------------------------------------------

late_switch = Exercise("03_fqi/hunt_late_switch")
GAP = 1e-9


def switch_of(value) -> tuple[TabularMDP, np.ndarray, list[int]]:
    """The world, its tables, and the states in which the greedy action clearly changes."""
    mdp = world_of(value)
    tables = frames(mdp, 60)
    scale = GAP * float(np.abs(tables[60]).max())
    early, late = (table[:, 0] - table[:, 1] for table in (tables[50], tables[60]))
    clear = (np.abs(early) >= scale) & (np.abs(late) >= scale) & (scale > 0)
    return mdp, tables, np.flatnonzero(clear & (early * late < 0)).tolist()


def why_no_switch(mdp: TabularMDP, tables: np.ndarray) -> str:
    """When the greedy actions change instead, or which gap is too small.

    Args:
        mdp: the world.
        tables: Q_0 ... Q_60.
    """
    scale = GAP * float(np.abs(tables[60]).max())
    apart = np.abs(tables[:, :, 0] - tables[:, :, 1])
    near = (apart[1:50].max(axis=0) >= scale) & (np.minimum(apart[50], apart[60]) < scale)
    if near.any():
        s = int(np.flatnonzero(near)[0])
        k = 50 if apart[50, s] < scale else 60
        return (
            f"In state {s} the values of Q_{k} are only {apart[k, s]:.2g} apart, less than the gap "
            "that is asked for. With a larger gamma every sweep moves them more."
        )
    more = np.concatenate([tables, frames(mdp, 1000, tables[60])[1:]])
    policies = more.argmax(axis=2)
    change = np.flatnonzero((policies[1:] != policies[:-1]).any(axis=1)) + 1
    before, after = change[change <= 50], change[change > 60]
    if len(after):
        return f"A change comes later, at sweep {after[0]}."
    if len(before):
        return f"The last change comes earlier, at sweep {before[-1]}."
    if not len(change):
        return "Within 1,000 sweeps it never changes."
    return ""


@late_switch.check(
    "what is greedy for Q_50 is not greedy for Q_60",
    points=3,
    hint="Compare Q_k of both actions, in the state where a choice matters, for k = 45 … 65.",
)
def _switches(answer, rng):
    mdp, tables, states = switch_of(answer())
    if not states:
        raise Failed(
            "In no state the greedy action changes between sweep 50 and sweep 60.",
            why_no_switch(mdp, tables),
            expected="a change of the greedy action, with a gap of at least 1e-9 · max|Q| on both "
            "sides",
            given=f"Q_50 = {show(tables[50])}, Q_60 = {show(tables[60])}",
        )


@late_switch.check(
    "the action that Q_50 prefers is not optimal",
    points=1,
    hint="The change of mind has to be one for the better: compare with Q*.",
)
def _late_truth(answer, rng):
    mdp, tables, states = switch_of(answer())
    if not states:
        raise Failed("In no state the greedy action changes between sweep 50 and sweep 60.")
    solution = solve.policy_iteration(mdp)
    scale = GAP * float(np.abs(solution.Q).max())
    lost = [float(solution.V[s] - solution.Q[s, int(tables[50][s].argmax())]) for s in states]
    if max(lost) < scale:
        raise Failed(
            "The action that Q_50 prefers turns out to be the best one in the end.",
            "The tables change their mind once more after sweep 60.",
            expected="an action that Q* does not prefer",
            given=f"it loses {max(lost):.3g}",
        )


# --- 5 read_off --------------------------------------------------------------------------------

readings = Exercise("03_fqi/read_off")


def made_up_frames(
    rng: np.random.Generator, *, silent: bool = False, settled: str = ""
) -> tuple[np.ndarray, int, float]:
    """Tables that flicker towards the last one, a state with late news, and an accuracy.

    The greedy actions agree with the last ones now and then before they stay; early values of the
    state are 0 while some of its entries are negative.

    Args:
        rng: source of randomness.
        silent: whether no news ever reaches the state.
        settled: `"first"` if no table has other greedy actions, `"last"` if those of the last one
            are new; by default they stay from a table in between.

    Returns:
        The tables (n+1, S, A), the state, the accuracy.
    """
    n, S, A = int(rng.integers(9, 19)), int(rng.integers(2, 6)), int(rng.integers(2, 4))
    last = rng.normal(size=(S, A)) * 3
    sizes = 6.0 * 0.65 ** np.arange(n + 1)
    noise = rng.uniform(-1, 1, (n + 1, S, A))
    noise /= np.abs(noise).max(axis=(1, 2), keepdims=True)
    Qs = last + sizes[:, None, None] * noise
    stay = int(rng.integers(3, n - 2))  # from here on no greedy action differs
    for k in range(stay, n + 1):
        for s in range(S):
            while Qs[k, s].argmax() != last[s].argmax():
                Qs[k, s] = (Qs[k, s] + last[s]) / 2
    Qs[-1] = last
    back = int(rng.integers(0, stay))  # an early agreement that does not last
    Qs[back] = last + sizes[back] * 0.05 * noise[back]
    off = int(rng.integers(back + 1, stay + 1))
    s = int(rng.integers(S))
    worst = int(last[s].argmin())
    Qs[off, s, worst] = Qs[off, s].max() + 0.5
    state, news = int(rng.integers(S)), n + 1 if silent else int(rng.integers(1, n - 1))
    Qs[:news, state] = -rng.uniform(0.1, 2.0, (min(news, n + 1), A))
    Qs[:news, state, int(rng.integers(A))] = 0.0
    if news <= n:
        negative = rng.random() < 0.3
        Qs[news, state] = rng.normal(size=A) - (9.0 if negative else 0.0)
    for k, i in np.ndindex(n, S) if settled == "first" else [(n - 1, s)] * (settled == "last"):
        best = (Qs[n, i].argmax() + (settled == "last")) % A  # the largest entry is moved there
        largest = Qs[k, i].argmax()
        Qs[k, i, [best, largest]] = Qs[k, i, [largest, best]]
    return Qs, state, some_accuracy(rng, Qs)


def some_accuracy(rng: np.random.Generator, Qs: np.ndarray) -> float:
    """An accuracy between two of the distances to the last table."""
    gaps = np.unique(np.abs(Qs - Qs[-1]).max(axis=(1, 2)))
    j = int(rng.integers(len(gaps) - 1))
    return float(0.6 * gaps[j] + 0.4 * gaps[j + 1])


def read_right(Qs: np.ndarray, s: int, eps: float) -> tuple[int, int, int]:
    """The readings, by plain loops over the definition."""
    n = len(Qs) - 1
    values = [max(map(float, table[s])) for table in Qs]
    news = next((k for k in range(n + 1) if values[k] != 0), -1)
    choice = [[max(range(len(row)), key=row.__getitem__) for row in table.tolist()] for table in Qs]
    settled = next(k for k in range(n + 1) if all(c == choice[n] for c in choice[k:]))
    gaps = [max(abs(float(x)) for x in (table - Qs[n]).ravel()) for table in Qs]
    near = next(k for k in range(n + 1) if gaps[k] <= eps)
    return news, settled, near


def reading_mistakes(Qs: np.ndarray, s: int, eps: float) -> tuple[dict[str, int], ...]:
    """For each reading: cause -> what it would give."""

    def first(mask: np.ndarray) -> int:
        found = np.flatnonzero(mask)
        return int(found[0]) if len(found) else -1

    V, policies, gap = Qs[:, s].max(axis=1), Qs.argmax(axis=2), np.abs(Qs - Qs[-1])
    same = (policies == policies[-1]).all(axis=1)
    alone = first(V != 0)
    calm = first(np.append(np.inf, np.abs(np.diff(Qs, axis=0)).max(axis=(1, 2))) <= eps)
    return (
        {
            "If there is no news, the answer is -1.": 0 if alone == -1 else alone,
            "Some entry of the state is not 0, but its value, the maximum, still is.": first(
                (Qs[:, s] != 0).any(axis=1)
            ),
            "News can be bad: the value may be negative.": first(V > 0),
            "Counting starts with k = 0, the table before any sweep.": alone + 1,
            "The whole table is watched, not the one state.": first(
                (Qs.max(axis=2) != 0).any(axis=1)
            ),
        },
        {
            "This is the first table that agrees with the last one. Later ones disagree "
            "again.": first(same),
            "This is the last table that still disagrees; the actions stay from the next one "
            "on.": int(np.flatnonzero(~same).max(initial=-1)),
            "Only the state s is watched: the actions of all states have to stay.": int(
                np.flatnonzero(policies[:, s] != policies[-1, s]).max(initial=-1) + 1
            ),
            "This is the first table that has the same actions as the one before.": first(
                np.append(False, (policies[1:] == policies[:-1]).all(axis=1))
            ),
        },
        {
            "The largest distance over all pairs counts, not the mean.": first(
                gap.mean(axis=(1, 2)) <= eps
            ),
            "A distance of exactly eps is small enough.": max(first(gap.max(axis=(1, 2)) < eps), 0),
            "Only the state s is watched: the norm runs over all pairs.": first(
                gap[:, s].max(axis=1) <= eps
            ),
            "The values V are compared, not Q.": first(
                np.abs(Qs.max(axis=2) - Qs[-1].max(axis=1)).max(axis=1) <= eps
            ),
            "Without absolute value, tables above the last one seem near.": first(
                (Qs[-1] - Qs).max(axis=(1, 2)) <= eps
            ),
            "Without absolute value, tables below the last one seem near.": first(
                (Qs - Qs[-1]).max(axis=(1, 2)) <= eps
            ),
            "Consecutive tables are compared, not each one with the last.": (
                calm if calm >= 0 else len(Qs) - 1
            ),
        },
    )


def frames_to_read(rng: np.random.Generator, part: int, k: int) -> tuple[np.ndarray, int, float]:
    """Arguments number k of `read_off`: made-up frames, and true ones."""
    if k % 4 == 3 and part != 1:  # true frames; their early ties leave `settled` open
        mdp = late_reward(rng)
        Qs = frames(mdp, 2 * mdp.n_states)
        return Qs, int(rng.integers(mdp.n_states - 1)), some_accuracy(rng, Qs)
    settled = {3: "first", 5: "last"}.get(k % 6, "")
    Qs, s, eps = made_up_frames(rng, silent=k % 6 == 1, settled=settled)
    return Qs, s, 0.0 if k % 12 == 0 else eps


def expect_reading(answer, rng, part: int) -> None:
    """One of the three readings."""
    evidence, found = Evidence(f"`{READINGS[part]}`"), set()
    for first in range(0, 96, 24):
        cases = [frames_to_read(rng, part, k) for k in range(first, first + 24)]
        for case, value in zip(cases, answer.many(cases), strict=True):
            reading = integers_of(value, READINGS)[part]
            found.add(reading)
            evidence.see(
                reading,
                read_right(*case)[part],
                lambda case=case: reading_mistakes(*case)[part],
            )
        if len(evidence.causes or {}) < 2:
            break  # right, or one cause is left, or none
    if len(found) == 1:
        evidence.causes = {f"It is {reading} for all tables. Read it off the tables given.": None}
    evidence.conclude()


@readings.check(
    "`news` is the first sweep at which the value of s is not 0",
    points=1,
    hint="The value is the maximum over actions; it may be negative; it may never come.",
)
def _news(answer, rng):
    expect_reading(answer, rng, 0)


@readings.check(
    "`settled` is where the greedy actions of all states stop changing",
    points=1.5,
    hint="Walk backwards from the last table.",
)
def _settled(answer, rng):
    expect_reading(answer, rng, 1)


@readings.check(
    "`near` is the first table within eps of the last one",
    points=1.5,
    hint="The distance of two tables is their largest absolute difference.",
)
def _near(answer, rng):
    expect_reading(answer, rng, 2)


# --- 6 fqi -------------------------------------------------------------------------------------

fitted = Exercise("03_fqi/fqi")
Batch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def random_batch(
    rng: np.random.Generator,
    S: int,
    A: int,
    *,
    unseen: int = 0,
    terminated: float = 0.0,
    most: int = 4,
) -> Batch:
    """Samples in random order: 1 to `most` of each pair but `unseen` ones; any state may follow.

    Args:
        rng: source of randomness.
        S: states.
        A: actions.
        unseen: pairs without samples.
        terminated: share of terminated steps.
        most: largest number of samples of a pair.
    """
    pairs = rng.permutation(S * A)[unseen:]
    counts = rng.integers(1, most + 1, len(pairs))
    counts[:2] = most, 1  # never the same number for all
    pairs = rng.permutation(np.repeat(pairs, counts))
    n = len(pairs)
    r = rng.normal(size=n) * 2 + 1
    return pairs // A, pairs % A, r, rng.integers(S, size=n), rng.random(n) < terminated


def by_samples(batch: Batch, S: int, A: int, gamma: float, n: int) -> np.ndarray:
    """The definition, pair by pair and sample by sample."""
    samples: dict[tuple[int, int], list] = {}
    for s, a, r, s_next, over in zip(*(column.tolist() for column in batch), strict=True):
        samples.setdefault((s, a), []).append((float(r), s_next, over))
    Q = {pair: 0.0 for pair in np.ndindex(S, A)}
    for _ in range(n):
        best = [max(Q[s, a] for a in range(A)) for s in range(S)]
        after = {
            pair: math.fsum(r + (0.0 if over else gamma * best[s2]) for r, s2, over in seen)
            / len(seen)
            for pair, seen in samples.items()
        }
        Q |= after
    return np.array([[Q[s, a] for a in range(A)] for s in range(S)])


def averaged(
    batch: Batch,
    S: int,
    A: int,
    gamma: float,
    n: int,
    target: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
    combine: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
) -> np.ndarray:
    """Iterate with a target `target(r, Q[s_next], over)` and a way to combine sum and count."""
    s, a, r, s_next, over = batch
    pairs, size = s * A + a, S * A
    counts = np.bincount(pairs, minlength=size)
    Q = np.zeros((S, A))
    for _ in range(n):
        total = np.bincount(pairs, target(r, Q[s_next], over.astype(float)), minlength=size)
        mean = total / np.maximum(counts, 1) if combine is None else combine(total, counts)
        Q = mean.reshape(S, A)
    return Q


def last_target(batch: Batch, S: int, A: int, gamma: float, n: int) -> np.ndarray:
    """Each sample overwrites its pair; targets from the table before."""
    Q = np.zeros((S, A))
    for _ in range(n):
        old = Q.copy()
        for s, a, r, s2, over in zip(*batch, strict=True):
            Q[s, a] = r + gamma * (1 - over) * old[s2].max()
    return Q


def while_fitting(batch: Batch, S: int, A: int, gamma: float, n: int, *, running: bool) -> Any:
    """Targets from a table that is being changed: by a running mean, or pair by pair."""
    s, a, r, s2, over = batch
    Q = np.zeros((S, A))
    for _ in range(n):
        seen = np.zeros((S, A))
        if running:
            for i in range(len(s)):
                y = r[i] + gamma * (1 - over[i]) * Q[s2[i]].max()
                seen[s[i], a[i]] += 1
                Q[s[i], a[i]] += (y - Q[s[i], a[i]]) / seen[s[i], a[i]]
        else:
            for pair in np.ndindex(S, A):
                mine = (s == pair[0]) & (a == pair[1])
                if mine.any():
                    y = r + gamma * (1 - over) * Q[s2].max(axis=1)
                    Q[pair] = y[mine].mean()
    return Q


def without_copies(batch: Batch) -> Batch:
    """Each distinct sample once."""
    rows = sorted(set(zip(*(column.tolist() for column in batch), strict=True)))
    columns = zip(*rows, strict=True)
    return tuple(np.array(c, dtype=x.dtype) for c, x in zip(columns, batch, strict=True))


def best_seen(batch: Batch, S: int, A: int, gamma: float, n: int) -> np.ndarray:
    """The maximum over seen actions only; 0 in a state without any."""
    s, a, r, s_next, over = batch
    seen = np.zeros((S, A), dtype=bool)
    seen[s, a] = True
    Q = np.zeros((S, A))
    for _ in range(n):
        V = np.where(seen.any(axis=1), np.where(seen, Q, -1e300).max(axis=1), 0.0)
        Q = by_samples((s, a, r + gamma * (1 - over) * V[s_next], s_next, over), S, A, gamma, 1)
    return Q


def fqi_mistakes(batch: Batch, S: int, A: int, gamma: float, n: int) -> dict[str, np.ndarray]:
    """What typical mistakes give on this batch."""
    task = (batch, S, A, gamma, n)
    N = max(1, len(batch[0]))

    def best(q: np.ndarray) -> np.ndarray:
        return q.max(axis=1)

    def y(r: np.ndarray, q: np.ndarray, over: np.ndarray) -> np.ndarray:
        return r + gamma * (1 - over) * best(q)

    targets: dict[str, Callable] = {
        "Terminated steps bootstrap: after the end there is nothing to add, whatever state the "
        "sample names.": lambda r, q, over: r + gamma * best(q),
        "A terminated step has the target 0: it keeps its reward, only the bootstrap is "
        "dropped.": lambda r, q, over: (1 - over) * (r + gamma * best(q)),
        "The flag is used the wrong way round: only terminated steps bootstrap.": (
            lambda r, q, over: r + gamma * over * best(q)
        ),
        "The target takes the mean over next actions, not the maximum.": (
            lambda r, q, over: r + gamma * (1 - over) * q.mean(axis=1)
        ),
        "The target takes the minimum over next actions.": (
            lambda r, q, over: r + gamma * (1 - over) * q.min(axis=1)
        ),
        "The next value is not discounted.": lambda r, q, over: r + (1 - over) * best(q),
        "The target has no bootstrap: it is the reward alone.": lambda r, q, over: r,
    }
    found = {cause: averaged(*task, target) for cause, target in targets.items()}
    s, a = batch[:2]
    own = [averaged(*task, y, lambda t, c: t), averaged(*task, y, lambda t, c: t / N)]
    found["The targets of a pair are added up, not averaged."] = own[0]
    found["The sum is divided by the number of all samples, not by that of the pair."] = own[1]
    found["The last target of a pair replaces the earlier ones: no mean is taken."] = last_target(
        *task
    )
    changing = (
        "Targets are computed from a table that already contains new entries. All targets of an "
        "iteration come from Q_k."
    )
    found[changing] = while_fitting(*task, running=True)
    found[changing + " (It happens pair by pair.)"] = while_fitting(*task, running=False)
    found["Samples that occur twice are counted once: each one has its own weight."] = by_samples(
        without_copies(batch), S, A, gamma, n
    )
    found["The bootstrap looks up the state of the sample, not the next state."] = own_state(*task)
    if n:
        found["One iteration is missing."] = by_samples(batch, S, A, gamma, n - 1)
    found["There is one iteration too many."] = by_samples(batch, S, A, gamma, n + 1)
    found["Pairs without samples are left out of the maximum. Their entry is 0 and takes part."] = (
        best_seen(*task)
    )
    seen = np.zeros((S, A), dtype=bool)
    seen[s, a] = True
    right = by_samples(*task)
    found["A pair without samples gets the mean of the others: it stays 0."] = np.where(
        seen, right, right[seen].mean() if seen.any() else 0.0
    )
    return found


def own_state(batch: Batch, S: int, A: int, gamma: float, n: int) -> np.ndarray:
    """Bootstraps from Q[s]."""
    s, a, r, _, over = batch
    return by_samples((s, a, r, s, over), S, A, gamma, n)


def fitted_table(value: Any, batch: Batch, S: int, A: int) -> np.ndarray:
    """An answer's table; NaN at pairs without samples has its own message."""
    found = np.asarray(value) if isinstance(value, np.ndarray) else None
    if found is not None and found.shape == (S, A) and found.dtype.kind == "f":
        seen = np.zeros((S, A), dtype=bool)
        seen[batch[0], batch[1]] = True
        if np.isnan(found[~seen]).any():
            raise Failed(
                "Pairs without samples are NaN.",
                "Their mean is 0/0: they stay 0.",
                expected="0",
                given=show(found),
            )
    return array(value, (S, A), what="Q")


def why_no_fit(answer, rng: np.random.Generator) -> str:
    """Over which axis the maximum runs: with as many samples and states as actions none raises.

    Every state follows one of the samples, so their next states have the maxima of all states.
    """
    size, gamma, n = 3, float(rng.uniform(0.5, 0.95)), 2

    def table(batch: Batch, best: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
        task = (batch, size, size, gamma, n)
        return averaged(*task, lambda r, q, over: r + gamma * best(q, batch[3]))

    left: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
        "The maximum runs over the samples, not over the actions of the next state.": (
            lambda q, s_next: q.max(axis=0)
        ),
        "The maximum runs over the states, not over the actions of the next state.": (
            lambda q, s_next: q.max(axis=0)[s_next]
        ),
    }
    told = False
    for _ in range(6):
        s, a, s_next = (rng.permutation(size) for _ in range(3))
        r = rng.permutation(size) + rng.uniform(1, 1.5, size)
        batch = (s, a, r, s_next, np.zeros(size, dtype=bool))
        Q = fitted_table(answer(batch, size, size, gamma, n), batch, size, size)
        left = {c: best for c, best in left.items() if matches(Q, table(batch, best), rtol=1e-5)}
        told = told or not matches(Q, by_samples(batch, size, size, gamma, n), rtol=1e-5)
    return next(iter(left)) if told and len(left) == 1 else ""


def expect_fit(answer, rng, cases: list[tuple[Batch, int, int, float, int]]) -> None:
    """Compare the answers for (batch, S, A, gamma, n)."""
    evidence = Evidence("Q")
    with why_raised(lambda: why_no_fit(answer, rng)):
        for case, value in zip(cases, answer.many(cases), strict=True):
            see_table(
                evidence,
                fitted_table(value, *case[:3]),
                by_samples(*case),
                lambda case=case: fqi_mistakes(*case),
            )
    evidence.conclude()


def sizes(rng: np.random.Generator) -> tuple[int, int, float]:
    """S, A and gamma."""
    return int(rng.integers(3, 6)), int(rng.integers(2, 4)), float(rng.uniform(0.5, 0.95))


@fitted.check(
    "one iteration gives the mean reward of each pair",
    points=2,
    hint="From Q_0 = 0 the targets are the rewards, after a termination and elsewhere.",
)
def _mean_reward(answer, rng):
    cases = []
    for _ in range(8):
        S, A, gamma = sizes(rng)
        cases.append((random_batch(rng, S, A, terminated=0.3), S, A, gamma, 1))
    expect_fit(answer, rng, cases)


@fitted.check(
    "each iteration averages r + gamma max Q_k(s', ·)",
    points=3,
    hint="All targets first, from one table; then all means.",
)
def _iterations(answer, rng):
    cases = []
    for k in range(10):
        S, A, gamma = sizes(rng)
        s, a, r, s_next, over = random_batch(rng, S, A)
        batch = (s, a, r - (9.0 if k % 2 else 0.0), s_next, over)
        cases.append((batch, S, A, gamma, int(rng.integers(2, 6))))
    expect_fit(answer, rng, cases)


@fitted.check(
    "a terminated step keeps its reward and does not bootstrap",
    points=2.5,
    hint="Here the states named after a termination are worth something.",
)
def _mask(answer, rng):
    cases = []
    for _ in range(10):
        S, A, gamma = sizes(rng)
        batch = random_batch(rng, S, A, terminated=0.4)
        cases.append((batch, S, A, gamma, int(rng.integers(2, 5))))
    expect_fit(answer, rng, cases)


@fitted.check(
    "pairs without samples stay 0, and take part in the maximum",
    points=1.5,
    hint="Some rewards are negative here: then 0 is the best value a state can have.",
)
def _unseen(answer, rng):
    cases = []
    for k in range(10):
        S, A, gamma = sizes(rng)
        s, a, r, s_next, over = random_batch(
            rng, S, A, unseen=int(rng.integers(1, S)), terminated=0.2
        )
        batch = (s, a, r - (4.0 if k % 2 else 0.0), s_next, over)
        cases.append((batch, S, A, gamma, int(rng.integers(1, 5))))
    expect_fit(answer, rng, cases)


@fitted.check(
    "the order of the samples does not matter, repeated ones count",
    points=1,
    hint="A batch is a heap of samples: shuffled it is the same heap.",
)
def _order(answer, rng):
    for _ in range(4):
        S, A, gamma = sizes(rng)
        batch = random_batch(rng, S, A, terminated=0.2)
        again = rng.integers(len(batch[0]), size=4)
        batch = tuple(np.concatenate([column, column[again]]) for column in batch)
        order = rng.permutation(len(batch[0]))
        shuffled = tuple(column[order] for column in batch)
        with why_raised(lambda: why_no_fit(answer, rng)):
            first, second = answer.repeat(2, batch, S, A, gamma, 3)
            third = answer(shuffled, S, A, gamma, 3)
        right, found = by_samples(batch, S, A, gamma, 3), fqi_mistakes(batch, S, A, gamma, 3)
        for value, what, cause in (
            (first, "Q", ""),
            (
                second,
                "Q of a second call with the same batch",
                "The first call has changed the batch.",
            ),
            (third, "Q of the shuffled batch", "Samples are averaged: no order is left."),
        ):
            evidence, table = Evidence(what), fitted_table(value, batch, S, A)
            named = {cause: table} if cause else found
            see_table(evidence, table, right, lambda named=named: named)
            evidence.conclude()


@fitted.check(
    "with every pair of a world without chance it is Q-iteration",
    points=1,
    hint="Then each mean is the exact backup: n iterations look n steps ahead.",
)
def _exact(answer, rng):
    evidence = Evidence("Q")
    for _ in range(4):
        mdp = random_mdp(rng, 3, 2, n_terminal=1, reach=1)
        s, a = np.divmod(rng.permutation(4), 2)  # the pairs of the two states that are not terminal
        s_next = mdp.P[s, a].argmax(axis=1)
        batch = (s, a, mdp.R[s, a], s_next, mdp.terminal[s_next])
        n = int(rng.integers(2, 4))
        with why_raised(lambda: why_no_fit(answer, rng)):
            value = answer(batch, 3, 2, mdp.gamma, n)
        see_table(
            evidence,
            fitted_table(value, batch, 3, 2),
            best_plans(mdp, n),
            lambda batch=batch, mdp=mdp, n=n: fqi_mistakes(batch, 3, 2, mdp.gamma, n),
        )
    evidence.conclude()


@fitted.check(
    "without iterations or without samples the table is 0",
    points=1,
    hint="An empty batch has arrays of length 0.",
)
def _nothing(answer, rng):
    cases = []
    for k in rng.permutation(6):
        S, A, gamma = sizes(rng)
        batch = random_batch(rng, S, A, terminated=0.2)
        if k < 2:
            batch = tuple(column[:0] for column in batch)
        cases.append((batch, S, A, gamma, 0 if k == 2 else int(rng.integers(1, 4))))
    expect_fit(answer, rng, cases)


# --- 7 q_learning_update -----------------------------------------------------------------------

update = Exercise("03_fqi/q_learning_update")


NO_BOOTSTRAP = (
    "Where the episode goes on there is no bootstrap: the target is the reward alone, as if every "
    "step terminated."
)
WRONG_WAY_ROUND = (
    "The flag is used the wrong way round: there is no bootstrap where the episode goes on, and "
    "there is one after its end."
)


def update_mistakes(Q, s, a, r, s2, over, alpha, gamma) -> dict[str, np.ndarray]:
    """The table after an update with a typical mistake."""
    keep = 0.0 if over else gamma
    old, best = float(Q[s, a]), float(Q[s2].max())
    y = r + keep * best

    def entry(value: float) -> np.ndarray:
        table = Q.copy()
        table[s, a] = value
        return table

    row, column = Q.copy(), Q.copy()
    row[s] += alpha * (y - row[s])
    column[:, a] += alpha * (y - column[:, a])
    return {
        "A terminated step bootstraps: after the end there is nothing to add.": entry(
            old + alpha * (r + gamma * best - old)
        ),
        "A terminated step has the target 0: it keeps its reward.": entry(
            old + alpha * ((0.0 if over else y) - old)
        ),
        WRONG_WAY_ROUND: entry(old + alpha * (r + (gamma if over else 0.0) * best - old)),
        NO_BOOTSTRAP: entry(old + alpha * (r - old)),
        "The bootstrap uses the action just taken, Q(s', a). Q-learning takes the best next "
        "action.": entry(old + alpha * (r + keep * float(Q[s2, a]) - old)),
        "The bootstrap takes the mean over next actions, not the maximum.": entry(
            old + alpha * (r + keep * float(Q[s2].mean()) - old)
        ),
        "The maximum is taken in s, not in s'.": entry(
            old + alpha * (r + keep * float(Q[s].max()) - old)
        ),
        "The maximum is taken over the whole table.": entry(
            old + alpha * (r + keep * float(Q.max()) - old)
        ),
        "alpha times the target is added, but the old value is not reduced: subtract Q(s, a) "
        "inside the bracket.": entry(old + alpha * y),
        "The weights are exchanged: alpha belongs to the target, 1 - alpha to the old value.": (
            entry((1 - alpha) * y + alpha * old)
        ),
        "The old value is replaced by the target: alpha is not used.": entry(y),
        "The old value is lost: only alpha times the TD error is left.": entry(alpha * (y - old)),
        "The TD error has the wrong sign.": entry(old - alpha * (y - old)),
        "The next value is not discounted.": entry(
            old + alpha * (r + (0.0 if over else best) - old)
        ),
        "The reward is discounted too.": entry(old + alpha * (gamma * r + keep * best - old)),
        "The entry of (s', a) is changed, not that of (s, a).": moved(Q, s2, a, alpha, y),
        "All actions of s are changed, not one.": row,
        "The action is changed in all states.": column,
        "The table that comes back is the old one: the new value is not stored in it.": Q,
    }


def moved(Q: np.ndarray, s: int, a: int, alpha: float, y: float) -> np.ndarray:
    """The table with the update in another entry."""
    table = Q.copy()
    table[s, a] += alpha * (y - table[s, a])
    return table


def some_update(rng: np.random.Generator, over: bool, alpha: float, loop: bool) -> tuple:
    """Arguments of a random update."""
    S, A = int(rng.integers(3, 6)), int(rng.integers(2, 5))
    Q = rng.normal(size=(S, A)) * 3 + rng.choice([-8.0, 5.0])
    s, s2 = (int(i) for i in rng.permutation(S)[:2])
    s2 = s if loop else s2
    a = int(rng.choice(np.flatnonzero(np.arange(A) != Q[s2].argmax())))  # not the best one there
    r, gamma = float(rng.normal() * 2), float(rng.uniform(0.3, 0.95))
    return Q, s, a, r, s2, over, alpha, gamma


def expect_updates(answer, cases: list[tuple]) -> None:
    """Compare the tables after the updates."""
    evidence = Evidence("the table")
    for case, value in zip(cases, answer.many(cases), strict=True):
        Q, s, a, r, s2, over, alpha, gamma = case
        target = math.fsum([r, 0.0 if over else gamma * max(map(float, Q[s2]))])
        right = [[float(q) for q in line] for line in Q]
        right[s][a] = (1 - alpha) * right[s][a] + alpha * target
        see_table(
            evidence,
            table_of(value, Q.shape),
            np.array(right),
            lambda case=case: update_mistakes(*case),
        )
    if NO_BOOTSTRAP in (evidence.causes or {}) and evidence.first is not None:
        Q, s, a, r, s2, _, alpha, gamma = cases[0]  # and after an end?
        table = table_of(answer(Q, s, a, r, s2, True, alpha, gamma), Q.shape)
        went_on = Q[s, a] + alpha * (r + gamma * Q[s2].max() - Q[s, a])
        inverted = matches(table[s, a], went_on, rtol=1e-5, atol=1e-7)
        evidence.causes = {WRONG_WAY_ROUND if inverted else NO_BOOTSTRAP: None}
    evidence.conclude()


@update.check(
    "the entry moves by the part alpha of the way to r + gamma max Q(s', ·)",
    points=2.5,
    hint="And no other entry changes.",
)
def _update(answer, rng):
    chances = [float(rng.uniform(0.1, 0.9)) for _ in range(20)]
    expect_updates(answer, [some_update(rng, False, alpha, False) for alpha in chances])


@update.check(
    "a terminated step moves it towards r alone",
    points=1.5,
    hint="Some of these steps terminate and some do not; s' is worth something in any case.",
)
def _update_end(answer, rng):
    cases = []
    for k in range(20):
        over = k < 4 or bool(rng.random() < 0.5)
        cases.append(some_update(rng, over, float(rng.uniform(0.1, 0.9)), False))
    expect_updates(answer, cases)


@update.check(
    "alpha = 0 changes nothing, alpha = 1 replaces, and s' may be s",
    points=1,
    hint="In a loop the maximum may be taken before the entry changes, not after.",
)
def _update_ends(answer, rng):
    cases = []
    for k in range(20):
        alpha = 1.0 if k == 0 else float(rng.choice([0.0, 1.0, rng.uniform(0.1, 0.9)]))
        over = bool(rng.random() < 0.25)
        cases.append(some_update(rng, over, alpha, bool(rng.random() < 0.6)))
    expect_updates(answer, cases)


# --- 8 q_learning ------------------------------------------------------------------------------

online = Exercise("03_fqi/q_learning")


class Rules:
    """How a learner proceeds; the defaults are right, the others are typical mistakes.

    Attributes:
        alpha: step size from N(s, a) (this update included), omega and the number of the step.
        restart: whether a terminated step is followed by a new start.
        moves: whether the next step starts in s'.
        target: `"max"`, or `"same"` for Q(s', a).
        greedy: whether only greedy actions are taken (epsilon = 0).
        extra: steps more than asked for.
        per_state: whether N counts the visits of the state, not of the pair.
        start: the only first state, or None for those of rho0.
    """

    def __init__(self, **changes: Any):
        self.alpha: Callable = lambda n, omega, t: n**-omega
        self.restart, self.moves, self.target = True, True, "max"
        self.greedy, self.extra, self.per_state = False, 0, False
        self.start: int | None = None
        vars(self).update(changes)


def tables_within_reach(mdp: TabularMDP, n: int, omega: float, rules: Rules) -> np.ndarray:
    """Every table that n steps can lead to, (number, S, A): all starts, actions and next states."""
    S, A = mdp.R.shape
    starts = np.flatnonzero(mdp.rho0).tolist() if rules.start is None else [rules.start]
    first = (np.zeros((S, A)), np.zeros((S, A)))
    pending = [(0, s, *first) for s in starts]
    found = []
    while pending:
        t, s, Q, N = pending.pop()
        if t == n + rules.extra:
            found.append(Q)
            continue
        actions = np.flatnonzero(best(Q[s : s + 1])[0]) if rules.greedy else range(A)
        for a in actions:
            counted = N.copy()
            counted[s, a] += 1
            visits = counted[s].sum() if rules.per_state else counted[s, a]
            alpha = rules.alpha(float(visits), omega, t)
            for s2 in np.flatnonzero(mdp.P[s, a]):
                after = Q.copy()
                ahead = Q[s2].max() if rules.target == "max" else Q[s2, a]
                ahead = 0.0 if mdp.terminal[s2] else ahead
                after[s, a] += alpha * (mdp.R[s, a] + mdp.gamma * ahead - Q[s, a])
                if mdp.terminal[s2] and rules.restart:
                    following = starts
                else:
                    following = [int(s2)] if rules.moves else [s]
                pending += [(t + 1, s3, after, counted) for s3 in following]
    return np.array(found)


WRONG_RULES: dict[str, Rules] = {
    "It looks as if the exponent omega is not used: the step size is 1 / N.": Rules(
        alpha=lambda n, omega, t: 1 / n
    ),
    "The first update of a pair has alpha = 1: N counts this update, and starts at 1.": Rules(
        alpha=lambda n, omega, t: (n + 1) ** -omega
    ),
    "The step size falls with the number of all steps, not with the updates of the pair.": Rules(
        alpha=lambda n, omega, t: (t + 1.0) ** -omega
    ),
    "N counts visits of the state. Each pair has a count of its own.": Rules(per_state=True),
    "The step size is 1: every target replaces the entry.": Rules(alpha=lambda n, omega, t: 1.0),
    "The bootstrap uses the action just taken, not the best next one.": Rules(target="same"),
    "Steps do not follow each other: the next one starts in s', where this one ended.": Rules(
        moves=False
    ),
    "After the first end nothing more is learned: a terminated step is followed by a new start.": (
        Rules(restart=False)
    ),
    "One step too many.": Rules(extra=1),
    "One step is missing.": Rules(extra=-1),
    "Every episode starts in state 0. The first state is drawn from rho0.": Rules(start=0),
}


def reached(value: np.ndarray, tables: np.ndarray) -> bool:
    """Whether the table is one of these."""
    if not len(tables):
        return False
    off = np.abs(tables - value) - 1e-6 * np.abs(tables)
    return bool((off.max(axis=(1, 2)) <= 1e-9).any())


def expect_reachable(
    answer, rng, tasks: list[tuple[TabularMDP, int]], *, greedy: bool = False
) -> None:
    """Each answer's table is one that the rule can lead to."""
    wrong, causes = None, dict.fromkeys(WRONG_RULES)
    for mdp, n in tasks:
        omega = float(rng.uniform(0.55, 0.9))
        value = answer(mdp, n, rng, 0.0 if greedy else 1.0, omega)
        try:
            Q = table_of(value, mdp.R.shape)
        except Failed as found:
            found.cause = found.cause if found.stops else first_steps(answer, rng) or found.cause
            raise
        if reached(Q, tables_within_reach(mdp, n, omega, Rules(greedy=greedy))):
            continue
        if greedy and reached(Q, tables_within_reach(mdp, n, omega, Rules())):
            raise Failed(
                "With epsilon = 0 it took an action that was not greedy.",
                not_greedy(answer, rng),
                given=show(Q),
            )
        if wrong is None:
            wrong = Failed(
                f"No run of {n} steps, whatever chance does, leads to the table that was "
                f"returned (omega = {omega:.3g}).",
                given=show(Q),
            )
        for cause in list(causes):
            rules = Rules(**{**vars(WRONG_RULES[cause]), "greedy": greedy})
            if not reached(Q, tables_within_reach(mdp, n, omega, rules)):
                del causes[cause]
    if wrong is not None:
        wrong.cause = next(iter(causes), "") or first_steps(answer, rng)
        raise wrong


def first_steps(answer, rng: np.random.Generator) -> str:
    """What is wrong with the step size, as seen where every target is 1."""
    mdp = TabularMDP(np.ones((1, 1, 1)), np.ones((1, 1)), 0.0)
    tables = [as_array(answer(mdp, n, rng, 1.0, 0.7)) for n in range(4)]
    if any(table.shape != (1, 1) or table.dtype.kind != "f" for table in tables):
        return ""
    left = 1 - np.array([table[0, 0] for table in tables])  # the product of all 1 - alpha
    if not np.isfinite(left[1]):
        return (
            "Already the first update is not finite: 0 to the power -omega is infinite. N counts "
            "this update, and starts at 1."
        )
    if not np.isfinite(left).all() or left[0] != 1 or not (np.abs(left[1:3]) > 1e-9).all():
        return ""
    alpha = 1 - left[1:] / left[:-1]
    if np.ptp(alpha) > 1e-6:
        return ""
    return f"The step size is {alpha[0]:.3g} in every update: it has to fall with N(s, a)."


def second_actions(answer, rng: np.random.Generator, eps: float, n: int) -> np.ndarray:
    """What `n` runs of two steps know afterwards; all rewards are positive.

    A first action looks best from then on, so another second one was found by exploring.

    Returns:
        The tables, (n, 3).
    """
    mdp = TabularMDP(np.ones((1, 3, 1)), rng.permutation([1.0, 2.0, 4.0])[None], 0.5)
    values = answer.repeat(n, mdp, 2, rng, eps, 0.7)
    return np.array([table_of(value, (1, 3))[0] for value in values])


def not_greedy(answer, rng: np.random.Generator) -> str:
    """Why actions are not greedy with epsilon = 0: how often they differ in 200 runs."""
    never, always = (
        float((np.count_nonzero(second_actions(answer, rng, eps, 200), axis=1) == 2).mean())
        for eps in (0.0, 1.0)
    )
    if never > 0.4 and always < 0.1:
        return "epsilon and 1 - epsilon are exchanged: it explores with probability 1 - epsilon."
    if never > 0.4 and always > 0.4:
        return "Every action is random, whatever epsilon is."
    return "epsilon = 0 never explores."


def no_end(rng: np.random.Generator, reach: int) -> TabularMDP:
    """Three states, two actions, no end, one first state; rewards far from each other."""
    mdp = random_mdp(rng, 3, 2, reach=reach)
    R = rng.permutation(6).reshape(3, 2) + rng.uniform(0.2, 0.8, (3, 2)) - rng.choice([0.0, 4.0])
    return TabularMDP(mdp.P, R, mdp.gamma, rho0=np.eye(3)[int(rng.integers(3))])


@online.check(
    "every update follows the rule, with step size N(s, a)^-omega",
    points=2,
    hint="N counts the updates of the pair, this one included: 1, then 2^-omega, 3^-omega …",
)
def _steps(answer, rng):
    tasks = [(no_end(rng, 1), int(rng.integers(5, 8))) for _ in range(8)]
    tasks += [(no_end(rng, 2), int(rng.integers(2, 4))) for _ in range(4)]
    expect_reachable(answer, rng, tasks)


@online.check(
    "a terminated step is followed by a new start, drawn from rho0",
    points=1,
    hint="Both the first state and the one after an end come from the world's reset.",
)
def _restarts(answer, rng):
    tasks = []
    for _ in range(8):
        P = np.zeros((4, 2, 4))  # 0 - 1 - 2 - [3]; an episode starts in 0 or in 1
        P[[0, 1, 2, 3], :, [1, 2, 3, 3]] = 1.0
        R = rng.permutation(8).reshape(4, 2) + rng.uniform(0.2, 0.8, (4, 2))
        R[3], share = 0.0, float(rng.uniform(0.3, 0.7))
        gamma, terminal = float(rng.uniform(0.4, 0.9)), np.arange(4) == 3
        mdp = TabularMDP(P, R, gamma, terminal, np.array([share, 1 - share, 0.0, 0.0]))
        tasks.append((mdp, int(rng.integers(5, 8))))
    expect_reachable(answer, rng, tasks)


@online.check(
    "actions are epsilon-greedy for the current table",
    points=1,
    hint="epsilon = 1 is a random walk, epsilon = 0 always the best known action.",
)
def _explores(answer, rng):
    mdp = no_end(rng, 2)
    same = [table_of(answer(mdp, 30, rng, 0.5, 0.7), (3, 2)) for _ in range(2)]
    if not matches(same[0], same[1]):
        raise Failed(
            "Two calls with the same state of the generator give different tables.",
            "All chance has to come from the generator that is handed in.",
        )
    expect_reachable(answer, rng, [(no_end(rng, 1), 6) for _ in range(6)], greedy=True)
    A, n = 3, 600
    for eps in (float(rng.uniform(0.4, 0.6)), 1.0):
        tables = second_actions(answer, rng, eps, n)
        if len(np.unique(tables.round(9), axis=0)) == 1:
            bandit = TabularMDP(np.ones((1, A, 1)), np.ones((1, A)), 0.5)
            long = table_of(answer(bandit, 60, rng, 1.0, 0.7), (1, A))
            raise Failed(
                f"{n} runs of two steps give the same table each time, with epsilon = {eps:.2g}.",
                "Every call begins with the same random numbers. All chance has to come from the "
                "generator that is handed in."
                if (long != 0).all()
                else "It never explores.",
            )
        others = float((np.count_nonzero(tables, axis=1) == 2).sum())
        p = eps * (A - 1) / A  # the first action looks best: another one only by exploring
        if abs(others - n * p) > slack(n * p * (1 - p)):
            named = {
                "It looks as if the random action is drawn among the other actions only.": eps,
                "It looks as if it never explores.": 0.0,
                "It looks as if every action is random, whatever epsilon is.": (A - 1) / A,
                "It looks as if epsilon and 1 - epsilon are exchanged.": (1 - eps) * (A - 1) / A,
            }
            share = others / n
            nearest = min(named, key=lambda cause: abs(share - named[cause]))
            raise Failed(
                f"With epsilon = {eps:.2g} the second action differs from the best known one in "
                f"{share:.0%} of {n} runs.",
                nearest if abs(share - named[nearest]) < 0.05 else "",
                expected=f"{p:.0%} ± {slack(n * p * (1 - p)) / n:.0%}",
                given=f"{share:.0%}",
            )
    first = tables != 0
    alone = first[first.sum(axis=1) == 1].sum(axis=0)  # both steps with the same action
    if (np.abs(alone - alone.sum() / A) > slack(alone.sum() * (A - 1) / A**2)).any():
        raise Failed(
            "With epsilon = 1 some actions are drawn more often than others.",
            "A random action is drawn uniformly.",
            given=show(alone / alone.sum()),
        )


def _learning_world(rng: np.random.Generator) -> TabularMDP:
    """Three states, two actions; every pair is visited often.

    The states pay very different rewards: a step size that stays large leaves a large error.
    """
    P = 0.1 + 0.7 * rng.dirichlet(np.ones(3), (3, 2))
    R = rng.permutation([0.0, 2.0, 4.0])[:, None] + rng.uniform(-0.5, 0.5, (3, 2))
    return TabularMDP(P, R, 0.8)


@online.check(
    "after 4,000 random steps the table is near Q*",
    points=1,
    hint="The median of five runs has a relative error of at most 0.10; a right one about 0.02.",
    seconds=30.0,
)
def _learns(answer, rng):
    errors = []
    for _ in range(5):
        mdp = _learning_world(rng)
        Q = table_of(answer(mdp, 4000, rng, 1.0, 0.7), (3, 2))
        right = best_values(mdp)
        errors.append(float(np.abs(Q - right).max() / np.abs(right).max()))
    if not np.median(errors) <= 0.10:
        raise Failed(
            f"After 4,000 steps the relative error is {np.median(errors):.2f} in the median of "
            "five worlds.",
            expected="at most 0.10",
            given=", ".join(f"{error:.2f}" for error in errors),
        )


def best_values(mdp: TabularMDP) -> np.ndarray:
    """Q*, (S, A): one step, then the best of all deterministic policies."""
    S, A = mdp.R.shape
    V = np.full(S, -np.inf)
    for policy in itertools.product(range(A), repeat=S):
        P, r = mdp.P[np.arange(S), policy], mdp.R[np.arange(S), policy]
        V = np.maximum(V, np.linalg.solve(np.eye(S) - mdp.gamma * P, r))
    return mdp.R + mdp.gamma * mdp.P @ V
