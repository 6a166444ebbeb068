"""Hidden checks of 02_bellman.

Expected values come from sources that do not resemble an answer: sums written out pair by pair, a
linear system on pairs (s, a), the maximum over all deterministic policies (enumeration), worlds in
which a bound is attained.

False alarms: none. No check compares averages of samples; chance only draws the instances. What
could go wrong by chance is a choice that rounding decides, and it is drawn again: two best actions
closer than 1e-5 (`clear`, in c4 and c5), a table that is moved by less than 1e-5 without being a
fixed point (superscript). Everything else is a comparison whose tolerance is far above rounding:
one step from given numbers (backups, q_from_v, advantages) is right to 1e-14 and compared at 1e-9,
or relatively at 1e-11; solutions (solve_v, c1 to c6) are right to 1e-12 and compared at 1e-6. So
the bound for the notebook is 0, for answers whose own error stays below 1e-7.

Tables handed over are 0 in terminal states, as every value function is. So it does not matter
whether an answer looks them up there or knows that they are 0.

A cause is named only if it explains everything that a check saw: every wrong value, and every right
one too (`Verdict`).

The two proofs are judged as graphs; the machinery is in `qlib.proof`, what is right only here.
"""

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from qlib import envs, proof, solve
from qlib.checks import Exercise, Failed, array, close, matches, show
from qlib.checks.failure import AnswerError
from qlib.checks.nb02_bellman import (
    gamma_below_1,
    has_shape,
    one_start,
    parts_of,
    sides_of,
    undiscounted,
)
from qlib.checks.nb02_bellman import word_of as one_word
from qlib.mdp import TabularMDP

# --- worlds and oracles ------------------------------------------------------------------------


def world(
    rng: np.random.Generator,
    n_states: int | None = None,
    n_actions: int | None = None,
    *,
    n_terminal: int = 0,
    gamma: float | None = None,
) -> TabularMDP:
    """A random world; sizes and discount are drawn where they are not given."""
    n_states = n_states or int(rng.integers(4, 7))
    n_actions = n_actions or int(rng.integers(2, 4))
    gamma = float(rng.uniform(0.5, 0.9)) if gamma is None else gamma
    reach = min(n_states, int(rng.integers(2, 5)))
    return envs.garnet(n_states, n_actions, reach, rng, gamma, n_terminal)


def some_policy(rng: np.random.Generator, mdp: TabularMDP) -> np.ndarray:
    """Random probabilities pi[s, a], none of them small."""
    return 0.15 / mdp.n_actions + 0.85 * rng.dirichlet(np.ones(mdp.n_actions), mdp.n_states)


def some_table(rng: np.random.Generator, mdp: TabularMDP, size: float = 2.0) -> np.ndarray:
    """Random action values, (S, A), 0 in terminal states."""
    Q = size * rng.normal(size=mdp.R.shape)
    Q[mdp.terminal] = 0.0
    return Q


def backup(mdp: TabularMDP, next_value: Callable[[int], float]) -> np.ndarray:
    """R + gamma E[next_value(s')], entry by entry, (S, A)."""
    result = np.zeros(mdp.R.shape)
    after = [next_value(s) for s in range(mdp.n_states)]
    for s, a in np.ndindex(*mdp.R.shape):
        terms = [float(mdp.P[s, a, s2]) * after[s2] for s2 in range(mdp.n_states)]
        result[s, a] = float(mdp.R[s, a]) + mdp.gamma * math.fsum(terms)
    return result


def backup_pi(Q: np.ndarray, mdp: TabularMDP, pi: np.ndarray) -> np.ndarray:
    """T^pi Q, written out."""
    return backup(mdp, lambda s: math.fsum(float(p * q) for p, q in zip(pi[s], Q[s], strict=True)))


def backup_opt(Q: np.ndarray, mdp: TabularMDP) -> np.ndarray:
    """T* Q, written out."""
    return backup(mdp, lambda s: max(float(q) for q in Q[s]))


def q_of(mdp: TabularMDP, pi: np.ndarray, gamma: float | None = None) -> np.ndarray:
    """Q^pi, (S, A), from the linear system on pairs (s, a)."""
    n = mdp.n_states * mdp.n_actions
    pairs = (mdp.P[:, :, :, None] * pi[None, None]).reshape(n, n)
    gamma = mdp.gamma if gamma is None else gamma
    return np.linalg.solve(np.eye(n) - gamma * pairs, mdp.R.reshape(n)).reshape(mdp.R.shape)


def v_of(mdp: TabularMDP, pi: np.ndarray, gamma: float | None = None) -> np.ndarray:
    """V^pi, (S,)."""
    return (pi * q_of(mdp, pi, gamma)).sum(axis=1)


def v_star(mdp: TabularMDP) -> np.ndarray:
    """V*, (S,): the largest value that any of the A^S deterministic policies has in each state."""
    S, A = mdp.R.shape
    choices = np.array(list(itertools.product(range(A), repeat=S)))
    P = mdp.P[np.arange(S), choices]  # [A^S, S, S]
    r = mdp.R[np.arange(S), choices]  # [A^S, S]
    values = np.linalg.solve(np.eye(S) - mdp.gamma * P, r[:, :, None])[:, :, 0]
    return values.max(axis=0)


def q_star(mdp: TabularMDP) -> np.ndarray:
    """Q*, (S, A): one step, then V*."""
    V = v_star(mdp)
    return backup(mdp, lambda s: float(V[s]))


def first_best(Q: np.ndarray) -> np.ndarray:
    """The greedy policy that takes the first of the best actions, as probabilities (S, A)."""
    return np.eye(Q.shape[1])[Q.argmax(axis=1)]


def clear(Q: np.ndarray) -> bool:
    """Whether the best action of each state leads by so much that no rounding decides.

    Rows of equal numbers, as in terminal states, are fine: what is taken there does not matter.
    """
    best = np.sort(Q, axis=1)
    return all(row[-1] - row[-2] > 1e-5 or np.ptp(row) == 0 for row in best)


def sup(x: np.ndarray) -> float:
    """The sup norm."""
    return float(np.abs(x).max())


# --- verdicts ----------------------------------------------------------------------------------

Mistakes = Callable[[], Mapping[str, Any]]
"""Gives cause -> the value that this mistake leads to, or a test of the value that was given."""


@dataclass
class Seen:
    """One value of an answer beside the oracle's.

    Attributes:
        given: the answer's value.
        mistakes: what typical mistakes give here; computed only where something is wrong.
        near: tolerances for a value to count as that of a mistake.
        failed: what is wrong with it, None if it is right.
        tight: whether a bound is attained here.
    """

    given: np.ndarray
    mistakes: Mistakes
    near: Mapping[str, float]
    failed: Failed | None
    tight: bool = False

    @cached_property
    def causes(self) -> Mapping[str, Any]:
        """What typical mistakes give here."""
        return self.mistakes()

    def shows(self, cause: str) -> bool:
        """Whether this mistake would give just what was given here."""
        if cause not in self.causes:  # a mistake that cannot show here
            return self.failed is None
        value = self.causes[cause]
        if callable(value):
            return bool(value(self.given))
        return matches(self.given, value, **self.near)


class Verdict:
    """Compares an answer with its oracle on all instances of a check, then gives the verdict.

    A cause is named only if it explains every instance: one that would leave a wrong value right,
    or spoil a right one, is not what happened::

        with Verdict("the backup") as verdict:
            for case in cases:
                verdict.see(answer(*case), oracle(*case), lambda case=case: wrong(*case))

    An answer that crashes later is judged by what was seen before.

    Args:
        what: how messages name the value.
        symptom: replaces the first sentence of the message.
    """

    def __init__(self, what: str, symptom: str = ""):
        self.what, self.symptom = what, symptom
        self.seen: list[Seen] = []

    def __enter__(self) -> "Verdict":
        return self

    def __exit__(self, kind, error, trace) -> None:
        if error is None or isinstance(error, Failed | AnswerError):
            self.conclude()

    def see(
        self, given, want, mistakes: Mistakes = dict, *, tight: bool = False, **tolerance: float
    ) -> None:
        """Compare one instance.

        Raises:
            Failed: at once for a wrong shape or type.
        """
        want = np.asarray(want, dtype=float)
        failed = None
        try:
            close(given, want, what=self.what, symptom=self.symptom, **tolerance)
        except Failed as found:
            if found.stops:
                if want.ndim == 2 and has_shape(given, want.shape[:1]):
                    found.cause = (
                        "These are values of states: one for each pair of state and action is "
                        "asked for."
                    )
                raise
            failed = found
        near = {"rtol": 1e-6, "atol": 1e-7} | tolerance
        self.seen.append(Seen(np.asarray(given, dtype=float), mistakes, near, failed, tight))

    @property
    def wrong(self) -> list[Seen]:
        """The instances that are not right."""
        return [seen for seen in self.seen if seen.failed]

    def cause(self) -> str:
        """The first mistake that explains all instances, or ""."""
        for cause in self.wrong[0].causes:
            if all(seen.shows(cause) for seen in self.seen):
                return cause
        return ""

    def conclude(self) -> None:
        """Raise for the first wrong instance, with the cause that explains all of them."""
        if self.wrong:
            found = self.wrong[0].failed
            found.cause = found.cause or self.cause()
            raise found from None


def unchanged(answer, want: np.ndarray, what: str, mistakes: Mistakes, *args) -> None:
    """Calls with the same arguments give the same, right, result."""
    first, second = answer.repeat(2, *args)
    with Verdict(what) as verdict:
        verdict.see(first, want, mistakes)
    if matches(second, want):
        return
    remembers = not matches(answer(*args), want)
    raise Failed(
        "A second call with the same arguments gives another result.",
        "Something is kept from one call to the next."
        if remembers
        else "The function changes a table it was given.",
        expected=show(want),
        given=show(second),
    )


# --- the two proofs ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Judge:
    """What is right in a proof.

    Attributes:
        proof: its blocks.
        needs: true block -> the blocks it needs above it.
        says: true block -> what it establishes.
        wrong: false block -> why it is false.
        reasons: true block -> the reasons that fit.
    """

    proof: proof.Proof
    needs: Mapping[str, str]
    says: Mapping[str, str]
    wrong: Mapping[str, str]
    reasons: Mapping[str, tuple[str, ...]]

    def expect_prefix(self, value, n: int | None = None) -> None:
        """The first n lines hold; without n: all of them do, and nothing else stands there."""
        lines = proof.lines_of(value, self.proof)
        letters = [letter for letter, _ in lines]
        good = proof.valid_prefix(letters, self.needs)
        n = n or len(self.needs)
        if good >= n and (n < len(self.needs) or len(letters) == n):
            return
        if good == len(letters):
            raise Failed(
                f"The proof stops after line {good}.",
                "What stands there follows, but lines are missing.",
                expected=f"{len(self.needs)} lines in all",
                given=f"{good} lines",
            )
        letter, number = letters[good], good + 1
        if letter in self.wrong:
            raise Failed(f"Line {number}, block {letter}, is false.", self.wrong[letter])
        missing = [self.says[other] for other in self.needs[letter] if other not in letters[:good]]
        used = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
        raise Failed(
            f"Line {number}, block {letter}, does not follow from what stands above it.",
            f"It uses {used}, which no line above it establishes.",
        )

    def expect_reasons(self, value, slips: int) -> None:
        """Every true line stands in the proof, and all reasons but a few fit."""
        lines = dict(proof.lines_of(value, self.proof))
        absent = [letter for letter in self.needs if letter not in lines]
        if absent:
            n = len(self.needs)
            raise Failed(
                f"{len(absent)} of the {n} lines of the proof are missing.",
                "Their reasons cannot be read.",
            )
        off = [letter for letter in lines if letter in self.needs and not self._fits(lines, letter)]
        if len(off) <= slips:
            return
        empty = [letter for letter in off if not lines[letter]]
        if len(empty) == len(off):
            raise Failed(
                f"Without a reason: block{'s' * (len(off) > 1)} {', '.join(empty)}.",
                "Every line has a reason from the list.",
            )
        blocks = ", ".join(sorted(off))
        raise Failed(
            f"{len(off)} of the {len(self.needs)} reasons do not fit: block{'s' * (len(off) > 1)} "
            f"{blocks}.",
            "What makes each of these lines true, given the lines above it?",
        )

    def _fits(self, lines: Mapping[str, str], letter: str) -> bool:
        return lines[letter] in self.reasons[letter]


PEEL = Judge(
    proof.PEEL,
    needs={"C": "", "I": "C", "D": "CI", "E": "D", "J": "I", "B": "CI", "H": "DEJB"},
    says={
        "C": "what Q^pi stands for",
        "I": "the return from step 1 on",
        "D": "the sum of the first reward and what is left",
        "E": "the average over next states and next actions",
        "J": "that the past drops out",
        "B": "the value of what is left, one step later",
    },
    wrong={
        "A": "The next action is drawn by the policy in the next state; here it is asked in s, the "
        "slip of the lecture's slide.",
        "F": "Only the Markov property lets the past drop out: without it, what follows may depend "
        "on s and a, and Q^pi(s', a') does not know them.",
        "G": "The first reward is not discounted: gamma stands before what comes later only.",
    },
    reasons={
        "C": ("definition",),
        "I": ("split the sum",),
        "D": ("linearity",),
        "E": ("tower rule",),
        "J": ("Markov",),
        "B": ("stationarity", "definition"),
        "H": ("substitution",),
    },
)

OPTIMALITY = Judge(
    proof.OPTIMALITY,
    needs={
        "K": "",
        "J": "K",
        "L": "J",
        "D": "L",
        "C": "JD",
        "B": "JC",
        "F": "",
        "M": "FB",
        "E": "C",
        "A": "ME",
    },
    says={
        "K": "the inequality for two maxima",
        "J": "that a backup shrinks distances",
        "L": "how fast the steps of the sequence shrink",
        "D": "that the sequence has a limit",
        "C": "that the limit is a fixed point",
        "B": "that there is no other fixed point",
        "F": "that one optimal backup does not lower the values of a policy",
        "M": "that no policy exceeds the limit",
        "E": "that the greedy policy has the limit as its values",
    },
    wrong={
        "G": "Steps that tend to 0 are not enough: the partial sums of 1/k take ever smaller steps "
        "and have no limit. The steps must have a finite sum.",
        "H": "A policy that is best from one start may do anything in states it never reaches.",
        "I": "The two operators agree on the table for which the policy is greedy, not on every "
        "table.",
        "N": "In the Euclidean norm a backup can expand: the contraction holds in the sup norm.",
    },
    reasons={
        "K": ("sup inequality",),
        "J": ("average <= max", "sup inequality"),
        "L": ("contraction",),
        "D": ("geometric series",),
        "C": ("contraction",),
        "B": ("contraction",),
        "F": ("average <= max",),
        "M": ("monotonicity",),
        "E": ("greedy",),
        "A": ("definition",),
    },
)


def judged(exercise: Exercise, judge: Judge, prefixes: dict[int, float], full: float) -> None:
    """Checks for the longest valid prefix, the whole proof, and the reasons."""
    words = {3: "three", 4: "four", 5: "five", 7: "seven"}
    for n, points in prefixes.items():
        title = f"the first {words[n]} lines follow from what stands above them"
        hint = "Read from the top. What does each line use, and does it stand above it?"
        exercise.check(title, points=points, hint=hint)(
            lambda answer, rng, n=n: judge.expect_prefix(answer(), n)
        )
    exercise.check(
        "the proof reaches its claim, without a false line",
        points=full,
        hint="Blocks that are false, or that nothing needs, do not belong into the proof.",
    )(lambda answer, rng: judge.expect_prefix(answer()))


peel = Exercise("02_bellman/order_peel")
judged(peel, PEEL, {3: 1.0, 5: 1.0}, 2.0)


@peel.check(
    "most reasons fit", points=1, hint="At most two of the seven are allowed to be off here."
)
def _peel_most_reasons(answer, rng):
    PEEL.expect_reasons(answer(), 2)


@peel.check("every reason fits", points=1, hint="Which property of the process is used, and where?")
def _peel_all_reasons(answer, rng):
    PEEL.expect_reasons(answer(), 0)


# --- bellman_pi --------------------------------------------------------------------------------

operator_pi = Exercise("02_bellman/bellman_pi")


SWEEP = "New entries are used while others are still computed: every entry needs the old table."


def sweeps(Q: np.ndarray, mdp: TabularMDP, value: Callable) -> Callable[[Any], bool]:
    """A test: is this a backup that overwrites its own table, entry by entry or row by row?"""

    def test(given) -> bool:
        single, rows = Q.copy(), Q.copy()
        for s in range(len(Q)):
            rows[s] = mdp.R[s] + mdp.gamma * mdp.P[s] @ value(rows)
            for a in range(Q.shape[1]):
                single[s, a] = mdp.R[s, a] + mdp.gamma * mdp.P[s, a] @ value(single)
        return matches(given, single) or matches(given, rows)

    return test


def wrong_backups(Q: np.ndarray, mdp: TabularMDP, pi: np.ndarray) -> dict[str, np.ndarray]:
    """What typical mistakes with T^pi give."""
    R, P, gamma = mdp.R, mdp.P, mdp.gamma
    V = (pi * Q).sum(axis=1)
    wrong = {
        "The best next action is taken: that is the optimal backup. Here the policy acts.": R
        + gamma * P @ Q.max(axis=1),
        "The policy is asked in s instead of in the next state: the slip of the lecture's slide.": R
        + gamma * np.einsum("saz,sb,zb->sa", P, pi, Q),
        "All next actions are weighted alike: the policy is ignored.": R + gamma * P @ Q.mean(1),
        "The values of the next actions are added up instead of averaged.": R
        + gamma * P @ Q.sum(1),
        "Values below 0 are lost.": R + gamma * P @ np.maximum(V, 0.0),
        "There is no discount.": R + P @ V,
        "The reward is discounted too: gamma stands before what comes later only.": gamma
        * (R + P @ V),
        "The discount is applied twice.": R + gamma**2 * P @ V,
        "The reward is missing.": gamma * P @ V,
        "The value of s itself is backed up: the transition to the next state is missing.": R
        + gamma * V[:, None],
        "The next action repeats the first one: the policy chooses it.": R
        + gamma * np.einsum("saz,za->sa", P, Q),
        "Only the most likely action of the policy is followed.": R
        + gamma * P @ Q[np.arange(len(Q)), pi.argmax(axis=1)],
    }
    wrong["State and next state are exchanged in P."] = R + gamma * np.einsum("zas,z->sa", P, V)
    wrong[SWEEP] = sweeps(Q, mdp, lambda table: (pi * table).sum(axis=1))
    if Q.shape[0] == Q.shape[1]:
        wrong["The average runs over the wrong axis: for each next state it runs over actions."] = (
            R + gamma * P @ (pi * Q).sum(axis=0)
        )
    return wrong


def expect_backups_pi(answer, cases: list[tuple], **tolerance: float) -> None:
    """T^pi Q is what it is written out, for each (Q, mdp, pi)."""
    answer = answer.ahead(cases)
    with Verdict("the backup") as verdict:
        for case in cases:
            wrong = lambda case=case: wrong_backups(*case)  # noqa: E731
            verdict.see(answer(*case), backup_pi(*case), wrong, **tolerance)


@operator_pi.check(
    "random worlds: one reward, then the policy's average",
    points=1,
    hint="First the world draws s', then the policy draws a' there. Two sums.",
)
def _pi_random(answer, rng):
    cases = []
    for k in range(20):
        mdp = world(rng, 3, 3) if k % 4 == 0 else world(rng, n_terminal=k % 3)
        cases.append((some_table(rng, mdp), mdp, some_policy(rng, mdp)))
    expect_backups_pi(answer, cases)


@operator_pi.check(
    "one state, one action, gamma = 0, a policy without chance",
    points=0.5,
    hint="None of them is special: the same two sums.",
)
def _pi_edges(answer, rng):
    cases = []
    for size in ((1, 1), (1, 3), (4, 1), (4, 3)):
        mdp = world(rng, *size)
        cases.append((some_table(rng, mdp), mdp, some_policy(rng, mdp)))
        myopic = world(rng, *size, gamma=0.0)
        cases.append((some_table(rng, myopic), myopic, some_policy(rng, myopic)))
        choice = np.eye(mdp.n_actions)[rng.integers(mdp.n_actions, size=mdp.n_states)]
        cases.append((some_table(rng, mdp), mdp, choice))
    expect_backups_pi(answer, cases)


@operator_pi.check(
    "the operator is monotone and contracts by gamma",
    points=0.5,
    hint="A larger table has a larger backup; adding c to a table adds gamma c to its backup.",
)
def _pi_contracts(answer, rng):
    for _ in range(10):
        mdp = world(rng)
        pi, Q = some_policy(rng, mdp), some_table(rng, mdp)
        expect_structure(
            lambda tables, mdp=mdp, pi=pi: answer.many((table, mdp, pi) for table in tables),
            lambda table, mdp=mdp, pi=pi: backup_pi(table, mdp, pi),
            lambda table, mdp=mdp, pi=pi: wrong_backups(table, mdp, pi),
            Q,
            mdp,
            rng,
        )


def expect_structure(answers, oracle, wrong, Q: np.ndarray, mdp: TabularMDP, rng) -> None:
    """Monotone, a contraction, and shifted by gamma c: for the answer's own operator."""
    up, c = rng.exponential(size=Q.shape), float(rng.uniform(1, 5))
    tables = [Q, Q + up, Q + c]
    given = [array(value, Q.shape, what="the backup") for value in answers(tables)]
    symptom, apart = "", sup(given[1] - given[0])
    if (given[1] < given[0] - 1e-9).any():
        symptom = "A table that is larger everywhere has a backup that is smaller somewhere."
    elif apart > mdp.gamma * sup(up) * (1 + 1e-9):
        symptom = (
            f"Two tables are {sup(up):.4g} apart, and their backups {apart:.4g}: more than gamma "
            "times as much."
        )
    elif not matches(given[2], given[0] + mdp.gamma * c):
        symptom = f"Adding {c:.3g} to the table does not add gamma times {c:.3g} to its backup."
    with Verdict("the backup", symptom) as verdict:
        for value, table in zip(given, tables, strict=True):
            verdict.see(value, oracle(table), lambda table=table: wrong(table))


@operator_pi.check(
    "very negative values stay, and so does the table",
    points=1,
    hint="Start no sum and no maximum at 0 by accident, and fill an array of your own.",
)
def _pi_negative(answer, rng):
    cases = []
    for k in range(6):
        mdp = world(rng, n_terminal=k % 2)
        Q, pi = some_table(rng, mdp) - 1e6, some_policy(rng, mdp)
        Q[mdp.terminal] = 0.0
        cases.append((Q, mdp, pi))
    expect_backups_pi(answer, cases, rtol=1e-11)
    Q = some_table(rng, mdp)
    want = backup_pi(Q, mdp, pi)
    unchanged(answer, want, "the backup", lambda: wrong_backups(Q, mdp, pi), Q, mdp, pi)


# --- solve_v, q_from_v, advantage --------------------------------------------------------------

values = Exercise("02_bellman/solve_v")


def wrong_values(mdp: TabularMDP, pi: np.ndarray) -> dict[str, np.ndarray]:
    """What typical mistakes with V^pi give."""
    S, A = mdp.R.shape
    P, r = np.einsum("sa,saz->sz", pi, mdp.P), (pi * mdp.R).sum(axis=1)
    right, Q = v_of(mdp, pi), q_of(mdp, pi)
    uniform = np.full((S, A), 1 / A)

    def undiscounted_sums(given) -> bool:  # of any length: a step more adds the same everywhere
        more = r + P @ given - given
        return mdp.gamma > 0 and np.ptp(more) < 1e-6 * (1 + sup(given))

    def stopped_early(given) -> bool:
        V = r
        for _ in range(5000):
            V = r + mdp.gamma * P @ V
            if matches(given, V, rtol=1e-9):
                return True
        return False

    return {
        "The matrix of the linear system is transposed: row s belongs to state s.": np.linalg.solve(
            np.eye(S) - mdp.gamma * P.T, r
        ),
        "These are the optimal values; V^pi follows the policy.": v_star(mdp),
        "The largest Q^pi of each state is taken: V^pi is the mean under the policy.": Q.max(1),
        "The policy is ignored: all actions are weighted alike.": v_of(mdp, uniform),
        "The mean over actions ignores the policy.": Q.mean(axis=1),
        "Only the first reward is counted.": r,
        "The discount is applied twice.": v_of(mdp, pi, mdp.gamma**2),
        "The first reward is discounted too.": mdp.gamma * right,
        "The first reward is missing.": right - r,
        "There is no discount: rewards are added up as they are.": undiscounted_sums,
        "The iteration stops too early: these are the values after finitely many backups, and "
        "gamma^k is not yet small.": stopped_early,
    }


def expect_values(answer, cases: list[tuple]) -> None:
    """V^pi solves its linear system, for each (mdp, pi); iterating up to 1e-6 is good enough."""
    answer = answer.ahead(cases)
    with Verdict("V^pi") as verdict:
        for case in cases:
            wrong = lambda case=case: wrong_values(*case)  # noqa: E731
            verdict.see(answer(*case), v_of(*case), wrong, atol=1e-6)


@values.check(
    "random worlds: V^pi solves the linear system",
    points=1.5,
    hint="V = r_pi + gamma P_pi V, with P_pi[s, s'] = sum_a pi(a|s) P(s'|s, a).",
)
def _v_random(answer, rng):
    worlds = [world(rng, n_terminal=k % 3) for k in range(20)]
    expect_values(answer, [(mdp, some_policy(rng, mdp)) for mdp in worlds])


@values.check(
    "gamma = 0.999, and policies without chance",
    points=0.5,
    hint="After 1,000 steps gamma^t is still 0.37. Solve, or iterate until nothing moves.",
)
def _v_far(answer, rng):
    worlds = [world(rng, 4, 3, gamma=0.999 if k else 0.9) for k in range(5)]
    expect_values(answer, [(mdp, np.eye(3)[rng.integers(3, size=4)]) for mdp in worlds])


@values.check(
    "constant rewards are worth c / (1 - gamma); the end is worth 0",
    points=0.5,
    hint="A geometric series. In a terminal state nothing more is earned.",
)
def _v_constant(answer, rng):
    even, ends = [], []
    for _ in range(4):
        mdp, c = world(rng, 4, 2), float(rng.uniform(1, 3))
        mdp = TabularMDP(mdp.P, np.full(mdp.R.shape, c), mdp.gamma)
        even.append((mdp, some_policy(rng, mdp)))
        mdp = world(rng, 5, 2, n_terminal=4)
        ends.append((mdp, some_policy(rng, mdp)))
    with Verdict("V for constant rewards") as verdict:
        for mdp, pi in even:
            wrong = lambda mdp=mdp, pi=pi: wrong_values(mdp, pi)  # noqa: E731
            constant = np.full(4, mdp.R[0, 0] / (1 - mdp.gamma))
            verdict.see(answer(mdp, pi), constant, wrong, atol=1e-6)
    expect_values(answer, ends)


@values.check(
    "one state, one action, gamma = 0",
    points=0.5,
    hint="With gamma = 0 the value is the policy's mean reward.",
)
def _v_edges(answer, rng):
    cases = []
    for size in ((1, 1), (1, 3), (5, 1)):
        mdp = world(rng, *size)
        cases.append((mdp, some_policy(rng, mdp)))
        myopic = world(rng, *size, gamma=0.0)
        cases.append((myopic, some_policy(rng, myopic)))
    expect_values(answer, cases)


one_step = Exercise("02_bellman/q_from_v")


def wrong_steps(V: np.ndarray, mdp: TabularMDP) -> dict[str, np.ndarray]:
    """What typical mistakes with Q from V give."""
    R, P, gamma = mdp.R, mdp.P, mdp.gamma
    return {
        "The discount is applied twice.": R + gamma**2 * P @ V,
        "The reward is discounted too: gamma stands before the next value only.": gamma
        * (R + P @ V),
        "There is no discount.": R + P @ V,
        "The reward is missing.": gamma * P @ V,
        "The value of s itself is used: the transition to the next state is missing.": R
        + gamma * V[:, None],
        "State and next state are exchanged in P.": R + gamma * np.einsum("zas,z->sa", P, V),
        "The most likely next state is taken for certain.": R + gamma * V[P.argmax(axis=2)],
        "The discounted value is subtracted.": R - gamma * P @ V,
    }


def expect_q(answer, cases: list[tuple]) -> None:
    """Q is one reward and the mean value of the next state, for each (V, mdp)."""
    answer = answer.ahead(cases)
    with Verdict("Q") as verdict:
        for V, mdp in cases:
            wrong = lambda V=V, mdp=mdp: wrong_steps(V, mdp)  # noqa: E731
            verdict.see(answer(V, mdp), one_reward_then(V, mdp), wrong, rtol=1e-9)


def one_reward_then(V: np.ndarray, mdp: TabularMDP) -> np.ndarray:
    """R + gamma E[V(s')], written out."""
    return backup(mdp, lambda s: float(V[s]))


def some_values(rng: np.random.Generator, mdp: TabularMDP, shift: float = 0.0) -> np.ndarray:
    """Random state values, (S,), 0 in terminal states."""
    return np.where(mdp.terminal, 0.0, 2 * rng.normal(size=mdp.n_states) + shift)


@one_step.check(
    "random worlds: one reward, then the value of the next state",
    points=1,
    hint="An average of V over the last axis of P.",
)
def _q_random(answer, rng):
    worlds = [world(rng, n_terminal=k % 3) for k in range(20)]
    expect_q(answer, [(some_values(rng, mdp), mdp) for mdp in worlds])


@one_step.check(
    "one state, one action, gamma = 0, very negative values; V stays as it is",
    points=1,
    hint="The same formula. Fill an array of your own.",
)
def _q_edges(answer, rng):
    cases = []
    for size in ((1, 1), (1, 3), (4, 1), (3, 3)):
        for gamma in (0.0, 0.8):
            mdp = world(rng, *size, gamma=gamma)
            cases.append((some_values(rng, mdp, -1e6), mdp))
    expect_q(answer, cases)
    V = some_values(rng, mdp)
    unchanged(answer, one_reward_then(V, mdp), "Q", lambda: wrong_steps(V, mdp), V, mdp)


gain = Exercise("02_bellman/advantage")


def wrong_advantages(Q: np.ndarray, pi: np.ndarray) -> dict[str, np.ndarray]:
    """What typical mistakes with the advantage give."""
    V = (pi * Q).sum(axis=1, keepdims=True)
    wrong = {
        "It is measured against the best action: V^pi is the mean under the policy.": Q
        - Q.max(axis=1, keepdims=True),
        "It is measured against the plain mean of all actions: the policy weighs them.": Q
        - Q.mean(axis=1, keepdims=True),
        "The sign is turned round: a good action has a positive advantage.": V - Q,
        "The Q-values are weighted by the policy as well: only their mean is.": pi * Q - V,
        "One value for all states is subtracted: every state has its own.": Q - (pi * Q).sum(),
        "One mean over all states is subtracted: every state has its own.": Q - V.mean(),
        "The value is missing.": Q,
        "The mean runs over states instead of over actions.": Q - (pi * Q).sum(axis=0),
    }
    if Q.shape[0] == Q.shape[1]:
        wrong["The value of s' is subtracted from the actions of s: an axis is missing."] = Q - V.T
    return wrong


def advantages(Q: np.ndarray, pi: np.ndarray) -> np.ndarray:
    """A = Q - V, entry by entry."""
    result = np.zeros(Q.shape)
    for s, row in enumerate(Q):
        mean = math.fsum(float(p * q) for p, q in zip(pi[s], row, strict=True))
        result[s] = [float(q) - mean for q in row]
    return result


def expect_advantages(answer, cases: list[tuple], seen: Callable = lambda *_: "") -> None:
    """A = Q - V for each (Q, pi); `seen` says which property a wrong advantage lacks, or ""."""
    answer = answer.ahead(cases)
    with Verdict("the advantage") as verdict:
        for Q, pi in cases:
            given = answer(Q, pi)
            wrong = lambda Q=Q, pi=pi: wrong_advantages(Q, pi)  # noqa: E731
            verdict.see(given, advantages(Q, pi), wrong)
            failed = verdict.seen[-1].failed
            if failed:
                given = array(given, Q.shape, what="the advantage")
                failed.symptom = seen(given, pi) or failed.symptom


@gain.check(
    "random tables and policies: A = Q - V",
    points=1.5,
    hint="V(s) = sum_a pi(a|s) Q(s, a), subtracted from every action of s.",
)
def _a_random(answer, rng):
    worlds = [world(rng, 3, 3) if k % 4 == 0 else world(rng) for k in range(20)]
    cases = [(some_table(rng, mdp) + 3.0, some_policy(rng, mdp)) for mdp in worlds]
    expect_advantages(answer, cases)


@gain.check(
    "the policy's mean advantage is 0 in every state",
    points=1,
    hint="Following the policy is as good as following the policy.",
)
def _a_mean(answer, rng):
    cases = []
    for k in range(20):
        mdp = world(rng)
        pi = some_policy(rng, mdp)
        if k % 2:
            pi = first_best(pi)
        cases.append((some_table(rng, mdp) + 3.0, pi))

    def seen(given, pi) -> str:
        off = sup((pi * given).sum(axis=1))
        return off > 1e-6 and f"The mean of the advantages under the policy is off 0 by {off:.3g}."

    expect_advantages(answer, cases, seen)


@gain.check(
    "against a best policy no advantage is positive, and the largest is 0",
    points=0.5,
    hint="V* is the largest Q* of the state; nothing is better than the best.",
)
def _a_star(answer, rng):
    cases = []
    for k in range(10):
        mdp = world(rng, 4, 3)
        Q = q_star(mdp)
        pi = first_best(Q)
        if k % 2:  # a tie, and a policy that tosses a coin in it
            Q[:, 0] = Q.max(axis=1)
            best = Q.max(axis=1, keepdims=True) <= Q
            pi = best / best.sum(axis=1, keepdims=True)
        cases.append((Q, pi))

    def seen(given, pi) -> str:
        if given.max() > 1e-6:
            return "An action has a positive advantage over a best policy."
        low = given.max(axis=1).min() < -1e-6
        return low and "The best action of a state has an advantage below 0."

    expect_advantages(answer, cases, seen)


# --- bellman_opt and superscript ---------------------------------------------------------------

operator_opt = Exercise("02_bellman/bellman_opt")


def wrong_maxima(Q: np.ndarray, mdp: TabularMDP) -> dict[str, np.ndarray]:
    """What typical mistakes with T* give."""
    R, P, gamma = mdp.R, mdp.P, mdp.gamma
    V = Q.max(axis=1)
    right = R + gamma * P @ V
    wrong = {
        "The mean over the next actions is taken instead of the maximum.": R
        + gamma * P @ Q.mean(1),
        "One maximum for the whole table is used: every next state has its own.": R
        + gamma * Q.max(),
        "The index of the best action is backed up instead of its value.": R
        + gamma * P @ Q.argmax(axis=1),
        "The maximum starts at 0: values below 0 are lost.": R + gamma * P @ np.maximum(V, 0.0),
        "The largest absolute value is taken: a very bad action looks very good.": R
        + gamma * P @ np.abs(Q).max(axis=1),
        "The maximum is taken outside the average over next states: the action would be chosen "
        "before s' is known.": R + gamma * (P @ Q).max(axis=2),
        "There is no discount.": R + P @ V,
        "The reward is discounted too: gamma stands before what comes later only.": gamma
        * (R + P @ V),
        "The discount is applied twice.": R + gamma**2 * P @ V,
        "The reward is missing.": gamma * P @ V,
        "The value of s itself is backed up: the transition to the next state is missing.": R
        + gamma * V[:, None],
        "The next action repeats the first one: the best one is wanted.": R
        + gamma * np.einsum("saz,za->sa", P, Q),
        "The smallest value of the next state is taken.": R + gamma * P @ Q.min(axis=1),
        "State and next state are exchanged in P.": R + gamma * np.einsum("zas,z->sa", P, V),
        "This is the best value of each state, repeated: Q tells actions apart.": np.repeat(
            right.max(axis=1, keepdims=True), Q.shape[1], axis=1
        ),
        SWEEP: sweeps(Q, mdp, lambda table: table.max(axis=1)),
    }
    if Q.shape[0] == Q.shape[1]:
        wrong["The maximum runs over states: for each next state it runs over actions."] = (
            R + gamma * P @ Q.max(axis=0)
        )
    return wrong


def expect_backups_opt(answer, cases: list[tuple], **tolerance: float) -> None:
    """T* Q is what it is written out, for each (Q, mdp)."""
    answer = answer.ahead(cases)
    with Verdict("the backup") as verdict:
        for case in cases:
            wrong = lambda case=case: wrong_maxima(*case)  # noqa: E731
            verdict.see(answer(*case), backup_opt(*case), wrong, **tolerance)


@operator_opt.check(
    "random worlds: one reward, then the best next action",
    points=1,
    hint="For each next state the largest Q, then the average over next states.",
)
def _opt_random(answer, rng):
    cases = []
    for k in range(20):
        mdp = world(rng, 3, 3) if k % 4 == 0 else world(rng, n_terminal=k % 3)
        cases.append((some_table(rng, mdp), mdp))
    expect_backups_opt(answer, cases)


@operator_opt.check(
    "one state, one action, gamma = 0, ties",
    points=0.5,
    hint="None of them is special.",
)
def _opt_edges(answer, rng):
    cases = []
    for size in ((1, 1), (1, 3), (4, 1), (4, 3)):
        for gamma in (0.0, 0.8):
            mdp = world(rng, *size, gamma=gamma)
            cases.append((some_table(rng, mdp), mdp))
            cases.append((np.round(some_table(rng, mdp)), mdp))
    expect_backups_opt(answer, cases)


@operator_opt.check(
    "the operator is monotone and contracts by gamma",
    points=0.5,
    hint="A larger table has a larger backup; adding c to a table adds gamma c to its backup.",
)
def _opt_contracts(answer, rng):
    for _ in range(10):
        mdp = world(rng)
        expect_structure(
            lambda tables, mdp=mdp: answer.many((table, mdp) for table in tables),
            lambda table, mdp=mdp: backup_opt(table, mdp),
            lambda table, mdp=mdp: wrong_maxima(table, mdp),
            some_table(rng, mdp),
            mdp,
            rng,
        )


@operator_opt.check(
    "very negative values stay, and so does the table",
    points=1,
    hint="A maximum that starts at 0 never finds a value below 0.",
)
def _opt_negative(answer, rng):
    cases = []
    for k in range(6):
        mdp = world(rng, n_terminal=k % 2)
        Q = some_table(rng, mdp) - 1e6
        Q[mdp.terminal] = 0.0
        cases.append((Q, mdp))
    expect_backups_opt(answer, cases, rtol=1e-11)
    Q = some_table(rng, mdp)
    unchanged(answer, backup_opt(Q, mdp), "the backup", lambda: wrong_maxima(Q, mdp), Q, mdp)


typing = Exercise("02_bellman/superscript")

WORDS = ("pi", "star", "both", "neither")


def typed_table(rng, word: str) -> tuple[np.ndarray, TabularMDP, np.ndarray]:
    """A table that deserves exactly this word, its world, and the policy in question."""
    while True:
        mdp = world(rng, 4, 3, n_terminal=int(rng.integers(2)))
        best = q_star(mdp)
        pi = some_policy(rng, mdp)
        if word == "both":
            pi = first_best(best)
        elif rng.random() < 0.5:
            pi = first_best(pi)  # a policy without chance tells nothing about the word
        own = q_of(mdp, pi)
        Q = {"pi": own, "star": best, "both": best, "neither": own}[word]
        if word == "both" or sup(own - best) > 0.05:
            return Q, mdp, pi


@dataclass(frozen=True)
class Typed:
    """A table, the word it deserves, and the word it was given.

    Attributes:
        Q: the table.
        mdp: its world.
        pi: the policy in question.
        word: what it deserves.
        given: what the answer says.
    """

    Q: np.ndarray
    mdp: TabularMDP
    pi: np.ndarray
    word: str
    given: str

    def moves(self, norm: Callable = sup) -> tuple[float, float]:
        """How far the policy's backup and the optimal one move the table."""
        star = backup_opt(self.Q, self.mdp) - self.Q
        return norm(backup_pi(self.Q, self.mdp, self.pi) - self.Q), norm(star)


def word_for(own: bool, star: bool) -> str:
    """The word for a table that these backups leave where it is."""
    return {(1, 1): "both", (1, 0): "pi", (0, 1): "star", (0, 0): "neither"}[own, star]


def greedy_is_best(case: Typed) -> bool:
    """Whether the table's greedy policy loses nothing."""
    return sup(v_star(case.mdp) - v_of(case.mdp, first_best(case.Q))) < 1e-9


def accepted(cases: list[Typed], norm: Callable) -> tuple[float, float]:
    """The largest residual that was taken for 0, and the smallest that was not."""
    yes, no = [0.0], [math.inf]
    for case in cases:
        fits = (case.given in ("pi", "both"), case.given in ("star", "both"))
        for fit, move in zip(fits, case.moves(norm), strict=True):
            (yes if fit else no).append(move)
    return max(yes), min(no)


def why_words(cases: list[Typed]) -> str:
    """The mistake that explains all words that were given, or ""."""
    if len({case.given for case in cases}) == 1:
        return f'Every table gets the word "{cases[0].given}".'
    exchanged = {"pi": "star", "star": "pi"}
    rules: dict[str, Callable[[Typed, bool, bool], str]] = {
        'The words "pi" and "star" are exchanged.': lambda case, own, star: exchanged.get(
            case.word, case.word
        ),
        'A table that fits the policy is called "pi" before the other equation is asked.': (
            lambda case, own, star: "pi" if own else word_for(own, star)
        ),
        'A table that fits the optimal backup is called "star" before the other equation is '
        "asked.": lambda case, own, star: "star" if star else word_for(own, star),
        "A table counts as optimal if its greedy policy is: greedy actions may be right where "
        "values are not.": lambda case, own, star: word_for(own, greedy_is_best(case)),
        "Tables of a policy without chance count as optimal.": lambda case, own, star: (
            "star" if (case.pi.max(axis=1) == 1).all() else word_for(own, False)
        ),
        "The sign of the residual counts: an entry that falls is as wrong as one that rises.": (
            lambda case, own, star: word_for(*(m < 1e-7 for m in case.moves(np.max)))
        ),
        "The sign of the residual counts: an entry that rises is as wrong as one that falls.": (
            lambda case, own, star: word_for(*(m > -1e-7 for m in case.moves(np.min)))
        ),
        "One entry is compared with one entry: every entry has to stay where it is.": (
            lambda case, own, star: word_for(
                *(m < 1e-7 for m in case.moves(lambda x: np.abs(x).min()))
            )
        ),
    }
    for cause, rule in rules.items():
        fits = (tuple(m < 1e-7 for m in case.moves()) for case in cases)
        if all(rule(case, *fit) == case.given for case, fit in zip(cases, fits, strict=True)):
            return cause
    return _why_tolerance(cases)


def _why_tolerance(cases: list[Typed]) -> str:
    """Whether another tolerance or another measure explains all words."""
    most, least = accepted(cases, sup)
    if most < 1e-7 and least < 1e-7:
        return "Rounding moves every fixed point a little: a residual below 1e-7 counts as 0."
    if 1e-7 < most < least:
        return (
            f"The tolerance is too large: entries that move by {most:.2g} count as unmoved. One "
            "entry that is off is enough."
        )
    most, least = accepted(cases, lambda x: float(np.abs(x).mean()))
    if 1e-7 < most < least:
        return "An average over entries is compared: one entry that is off is enough."
    return ""


def expect_words(answer, cases: list[tuple]) -> None:
    """The answer says the right word for each (Q, mdp, pi, word, what the table is)."""
    answer = answer.ahead(case[:3] for case in cases)
    seen, trouble = [], None
    try:
        for *case, word, _ in cases:
            seen.append(Typed(*case, word, one_word(answer(*case))))
    except (Failed, AnswerError) as error:
        trouble = error
    for case, (*_, table) in zip(seen, cases, strict=False):
        if case.given != case.word:
            own, star = case.moves()
            raise Failed(
                f"A table is moved by {own:.2g} by the policy's backup and by {star:.2g} by the "
                "optimal one.",
                why_words(seen) or table,
                expected=f'"{case.word}"',
                given=f'"{case.given}"',
            )
    if trouble:
        raise trouble


@typing.check(
    "fixed points are recognised, whichever they are",
    points=1,
    hint="Back the table up with both operators and look what moves.",
)
def _word_exact(answer, rng):
    cases = []
    for word in rng.permutation(WORDS * 6):
        Q, mdp, pi = typed_table(rng, str(word))
        if word == "neither":
            Q = some_table(rng, mdp) + np.where(mdp.terminal[:, None], 0.0, Q.mean())
        cases.append((Q, mdp, pi, str(word), ""))
    expect_words(answer, cases)


@typing.check(
    "a table that is nearly right, or right for another policy or discount, has none",
    points=1,
    hint="One wrong entry is enough, and the greedy policy of a table proves nothing.",
)
def _word_near(answer, rng):
    cases = []
    for kind in rng.permutation([*range(8)] * 4):
        word = str(rng.choice(WORDS[:3]))
        Q, mdp, pi = typed_table(rng, word)
        if kind < 4:  # let the true ones come between
            cases.append((Q, mdp, pi, word, ""))
            continue
        cause = ""
        if kind == 4:
            s, a = int(rng.integers(3)), int(rng.integers(3))
            Q = Q.copy()
            Q[s, a] += float(rng.choice([-1e-3, 1e-3]))
            cause = "One entry is off by 0.001: every entry has to stay where it is."
        elif kind == 5:
            other = some_policy(rng, mdp)
            Q = q_of(mdp, other)
            cause = "These are the values of another policy."
        elif kind == 6:
            Q = q_of(mdp, pi, mdp.gamma * 0.98)
            cause = "These are the values for another discount."
        else:
            Q = Q + np.where(mdp.terminal[:, None], 0.0, float(rng.uniform(0.01, 0.1)))
            cause = "A constant was added. Greedy actions stay the same, values do not."
        if sup(backup_opt(Q, mdp) - Q) > 1e-5 and sup(backup_pi(Q, mdp, pi) - Q) > 1e-5:
            cases.append((Q, mdp, pi, "neither", cause))
    expect_words(answer, cases)


# --- c1 to c6: certificates --------------------------------------------------------------------

SECONDS = 30.0
"""Time for a check with many worlds: answers may iterate to Q* in plain Python."""

NEAR = {"rtol": 1e-6, "atol": 1e-6}


class Sides:
    """Compares both sides of a claim with their quantities on all instances of a check."""

    def __init__(self):
        self.left, self.right = Verdict("the left side"), Verdict("the right side")
        self.wanted: list[tuple[np.ndarray, np.ndarray]] = []

    def __enter__(self) -> "Sides":
        return self

    def __exit__(self, kind, error, trace) -> None:
        if error is None or isinstance(error, Failed | AnswerError):
            self.conclude()

    def see(
        self,
        value,
        lhs,
        rhs,
        *,
        left: Mistakes = dict,
        right: Mistakes = dict,
        tight: bool = False,
    ) -> None:
        """Compare one instance; `left` and `right` say what mistakes give there.

        Raises:
            Failed: at once if it is not a pair of the right shape.
        """
        lhs, rhs = np.asarray(lhs, dtype=float), np.asarray(rhs, dtype=float)
        given = sides_of(value, lhs.shape)
        self.left.see(given[0], lhs, left, tight=tight, **NEAR)
        self.right.see(given[1], rhs, right, tight=tight, **NEAR)
        self.wanted.append((lhs, rhs))

    def conclude(self) -> None:
        """Raise for the first wrong side, with the cause that explains all instances."""
        side = self.left if self.left.wrong else self.right
        if not side.wrong:
            return
        found = side.wrong[0].failed
        found.cause = self._exchanged() or side.cause() or self._without_claim(side)
        if not found.cause and side.wrong[0].tight:
            found.cause = "In this world the bound is attained: the two sides are equal."
        raise found from None

    def _each(self, test: Callable[..., bool]) -> bool:
        seen = zip(self.left.seen, self.right.seen, self.wanted, strict=True)
        return all(test(one.given, two.given, *want) for one, two, want in seen)

    def _exchanged(self) -> str:
        swapped = self._each(
            lambda one, two, lhs, rhs: matches(one, rhs, **NEAR) and matches(two, lhs, **NEAR)
        )
        return "The two sides are exchanged." if swapped else ""

    def _without_claim(self, side: Verdict) -> str:
        if side is self.left:
            zero = self._each(lambda one, two, lhs, rhs: sup(one) < 1e-12)
            return "It is always 0: nothing is measured." if zero else ""
        if self._each(lambda one, two, lhs, rhs: matches(two, lhs, **NEAR)):
            return "Both sides are the left one: nothing is compared."
        if self._each(lambda one, two, lhs, rhs: bool((two >= 1.5 * rhs + 1e-3).all())):
            return (
                "It is larger than the bound of the claim: an inequality with that much room "
                "certifies nothing."
            )
        return ""


def expect_sides(answer, cases: list[tuple], see: Callable[..., None]) -> None:
    """Both sides of a claim for all cases; the last entry of each says whether they are equal.

    Args:
        answer: the student's function.
        cases: its arguments, and whether the bound is attained.
        see: `see(sides, value, *arguments, tight=...)` compares one case.
    """
    answer = answer.ahead(case[:-1] for case in cases)
    with Sides() as sides:
        for *case, tight in cases:
            see(sides, answer(*case), *case, tight=tight)


c1 = Exercise("02_bellman/c1")


def see_c1(sides: Sides, value, mdp, one, two, *, tight: bool) -> None:
    """Contraction."""
    after, before = backup_opt(one, mdp) - backup_opt(two, mdp), one - two
    gamma = mdp.gamma
    sides.see(
        value,
        sup(after),
        gamma * sup(before),
        left=lambda: {
            "The Euclidean norm is used: the claim is about the sup norm.": np.linalg.norm(after),
            "The largest signed difference is taken: distances have no sign.": after.max(),
            "The mean distance is taken: the sup norm is the largest.": np.abs(after).mean(),
            "The tables are compared before the backup.": sup(before),
        },
        right=lambda: {
            "The Euclidean norm is used: the claim is about the sup norm.": gamma
            * np.linalg.norm(before),
            "The factor gamma is missing.": sup(before),
            "The largest signed difference is taken: distances have no sign.": gamma * before.max(),
            "The mean distance is taken: the sup norm is the largest.": gamma
            * np.abs(before).mean(),
        },
        tight=tight,
    )


@c1.check(
    "random worlds: both sides are the distances of the claim",
    seconds=SECONDS,
    points=1,
    hint="Distance after one backup; gamma times the distance before it.",
)
def _c1_random(answer, rng):
    cases = []
    for k in range(200):
        mdp = world(rng, n_terminal=k % 2)
        one = some_table(rng, mdp)
        two = some_table(rng, mdp) - np.where(mdp.terminal, 0.0, 3.0 * (k % 3))[:, None]
        cases.append((mdp, one, two))
    expect_sides(answer, [(*case, False) for case in cases], see_c1)


@c1.check(
    "two tables a constant apart: the sides are equal, and not by construction",
    points=0.5,
    hint="Every entry moves by gamma c.",
)
def _c1_tight(answer, rng):
    cases = []
    for _ in range(10):
        mdp = world(rng)
        Q = some_table(rng, mdp)
        cases.append((mdp, Q, some_table(rng, mdp), False))  # here they are not
        cases.append((mdp, Q, Q + float(rng.uniform(-5, 5)), True))
    expect_sides(answer, cases, see_c1)


c2 = Exercise("02_bellman/c2")


def see_c2(sides: Sides, value, mdp, Q, k: int, *, tight: bool) -> None:
    """Geometric decrease of the error."""
    best, gamma = q_star(mdp), mdp.gamma
    iterates = [Q]
    for _ in range(k + 1):
        iterates.append(backup_opt(iterates[-1], mdp))
    start = sup(Q - best)
    sides.see(
        value,
        sup(iterates[k] - best),
        gamma**k * start,
        left=lambda: {
            "One backup too many.": sup(iterates[k + 1] - best),
            "One backup is missing.": sup(iterates[max(k - 1, 0)] - best),
            "This is the distance from the start, not from Q*.": sup(iterates[k] - Q),
            "This is the length of the last step, not the distance from Q*.": sup(
                iterates[k + 1] - iterates[k]
            ),
        },
        right=lambda: {
            "The power of gamma is too high by one.": gamma ** (k + 1) * start,
            "The power of gamma is too low by one.": gamma ** (k - 1) * start,
            "Gamma is multiplied by k instead of raised to the power k.": gamma * k * start,
            "Only one factor gamma, however many backups.": gamma * start,
            "Gamma is missing.": start,
        },
        tight=tight,
    )


@c2.check(
    "random worlds: the error after k backups, and gamma^k times the first one",
    seconds=SECONDS,
    points=1,
    hint="k = 0 is allowed: no backup, and gamma^0 = 1.",
)
def _c2_random(answer, rng):
    worlds = [world(rng, 4, n_terminal=k % 2) for k in range(60)]
    cases = [(mdp, some_table(rng, mdp, 3.0), int(rng.integers(0, 7))) for mdp in worlds]
    expect_sides(answer, [(*case, False) for case in cases], see_c2)


@c2.check(
    "a table a constant away from Q*: the sides are equal, and not by construction",
    points=0.5,
    hint="The error shrinks by exactly gamma in every backup.",
)
def _c2_tight(answer, rng):
    cases = []
    for _ in range(10):
        mdp = world(rng, 4)
        Q = q_star(mdp) + float(rng.uniform(1, 5)) * rng.choice([-1, 1])
        cases.append((mdp, some_table(rng, mdp, 3.0), int(rng.integers(2, 7)), False))
        cases.append((mdp, Q, int(rng.integers(0, 7)), True))
    expect_sides(answer, cases, see_c2)


c3 = Exercise("02_bellman/c3")


def see_c3(sides: Sides, value, mdp, Q, *, tight: bool) -> None:
    """Error from the Bellman residual."""
    best, after, gamma = q_star(mdp), backup_opt(Q, mdp), mdp.gamma
    residual = sup(after - Q)
    sides.see(
        value,
        sup(Q - best),
        residual / (1 - gamma),
        left=lambda: {
            "This is the error after one backup.": sup(after - best),
            "This is the Bellman residual, not the error.": residual,
            "The largest signed difference is taken: distances have no sign.": (Q - best).max(),
        },
        right=lambda: {
            "The factor 1 / (1 - gamma) is missing.": residual,
            "One gamma too many: that bounds the error after the backup.": gamma
            * residual
            / (1 - gamma),
            "This is twice the bound: the factor 2 belongs to the loss of a greedy policy.": 2
            * residual
            / (1 - gamma),
            "It is divided by gamma instead of by 1 - gamma.": residual / gamma,
        },
        tight=tight,
    )


@c3.check(
    "random worlds: the error, and the residual over 1 - gamma",
    seconds=SECONDS,
    points=1,
    hint="The residual is how far one backup moves the table.",
)
def _c3_random(answer, rng):
    worlds = [world(rng, 4, n_terminal=k % 2) for k in range(60)]
    cases = [(mdp, some_table(rng, mdp, 3.0)) for mdp in worlds]
    expect_sides(answer, [(*case, False) for case in cases], see_c3)


@c3.check(
    "a table a constant away from Q*: the sides are equal; for Q* itself both are 0",
    points=0.5,
    hint="The residual of Q* + c is (1 - gamma) c.",
)
def _c3_tight(answer, rng):
    cases = []
    for k in range(10):
        mdp = world(rng, 4)
        c = float(rng.uniform(1, 5)) * rng.choice([-1, 1])
        cases.append((mdp, some_table(rng, mdp, 3.0), False))
        cases.append((mdp, q_star(mdp) + c * (k % 4 != 3), True))
    expect_sides(answer, cases, see_c3)


c4 = Exercise("02_bellman/c4")


def c4_v_parts(mdp, V) -> tuple[float, float, float]:
    """Loss, residual and error of a table V."""
    Q = backup(mdp, lambda s: float(V[s]))
    best = v_star(mdp)
    residual = sup(np.array([max(map(float, row)) for row in Q]) - V)
    return float((best - v_of(mdp, first_best(Q))).max()), residual, sup(V - best)


NO_LOSS = {
    False: "A greedy policy of Q* loses nothing: greedy for the table is asked for.",
    True: "Nothing is lost if another than the first of the tied actions is taken.",
}


def see_c4_v(sides: Sides, value, mdp, V, *, tight: bool) -> None:
    """Loss of a policy that is greedy for a table V."""
    loss, residual, error = c4_v_parts(mdp, V)
    gamma = mdp.gamma
    scale = gamma / (1 - gamma)
    sides.see(
        value,
        loss,
        2 * scale * residual,
        left=lambda: {
            "This is the error of the table, not the loss of its greedy policy.": error,
            NO_LOSS[tight]: 0.0,
        },
        right=lambda: {
            "This is the lecture's constant 2 epsilon / (1 - gamma). For a table V the bound is "
            "sharper by a factor gamma.": 2 * residual / (1 - gamma),
            "The error of the table is used: epsilon is its Bellman residual.": 2 * scale * error,
            "The factor 2 is missing.": scale * residual,
            "The factor 2 gamma is missing.": residual / (1 - gamma),
            "The factor 1 / (1 - gamma) is missing.": 2 * gamma * residual,
        },
        tight=tight,
    )


def see_c4_q(sides: Sides, value, mdp, Q, *, tight: bool) -> None:
    """Loss of a policy that is greedy for a table Q."""
    best = v_star(mdp)
    loss = float((best - v_of(mdp, first_best(Q))).max())
    residual = sup(backup_opt(Q, mdp) - Q)
    gamma = mdp.gamma
    one_more = first_best(backup_opt(Q, mdp))
    error = sup(Q - q_star(mdp))
    sides.see(
        value,
        loss,
        2 * residual / (1 - gamma),
        left=lambda: {
            "The policy is greedy after one more backup: here it is greedy for Q itself.": float(
                (best - v_of(mdp, one_more)).max()
            ),
            "This is the error of the table, not the loss of its greedy policy.": error,
            NO_LOSS[tight]: 0.0,
        },
        right=lambda: {
            "One gamma too many: for a table Q even the first step relies on the estimate, so the "
            "factor gamma is not there.": 2 * gamma * residual / (1 - gamma),
            "The error of the table is used: epsilon is its Bellman residual.": 2
            * error
            / (1 - gamma),
            "The factor 2 is missing.": residual / (1 - gamma),
            "The factor 1 / (1 - gamma) is missing.": 2 * residual,
        },
        tight=tight,
    )


def lossy(rng, for_q: bool) -> tuple[TabularMDP, np.ndarray]:
    """A random world and a table whose greedy policy loses something."""
    while True:
        mdp = world(rng, 4, 3, n_terminal=int(rng.integers(2)))
        best = v_star(mdp)
        if for_q:
            table = q_star(mdp) + some_table(rng, mdp, 1.5)
            loss, Q = float((best - v_of(mdp, first_best(table))).max()), table
        else:
            table = best + some_values(rng, mdp)
            loss, Q = c4_v_parts(mdp, table)[0], one_reward_then(table, mdp)
        if loss > 0.02 and clear(Q):
            return mdp, table


def shuffled(rng, mdp: TabularMDP) -> TabularMDP:
    """The same world with its states renumbered."""
    order = rng.permutation(mdp.n_states)
    return TabularMDP(mdp.P[order][:, :, order], mdp.R[order], mdp.gamma)


@c4.check(
    "a table V: the loss of its greedy policy, and 2 gamma epsilon / (1 - gamma)",
    seconds=SECONDS,
    points=1.25,
    hint="Greedy for V means greedy for R + gamma P V. The loss is about V* and V of that policy.",
)
def _c4_v_random(answer, rng):
    cases = [lossy(rng, for_q=False) for _ in range(60)]
    expect_sides(answer, [(*case, False) for case in cases], see_c4_v)


@c4.check(
    "a table V where the bound is attained",
    points=0.75,
    hint="All values 0, a tie, and the first of the tied actions is the bad one.",
)
def _c4_v_tight(answer, rng):
    cases = []
    for _ in range(10):
        example = envs.tight_loss(float(rng.uniform(0.5, 3)), float(rng.uniform(0.3, 0.95)))
        cases.append((*lossy(rng, for_q=False), False))
        cases.append((shuffled(rng, example.mdp), example.V, True))
    expect_sides(answer, cases, see_c4_v)


@c4.check(
    "a table Q: the loss of its greedy policy, and 2 epsilon / (1 - gamma)",
    seconds=SECONDS,
    points=1.25,
    hint="Greedy for Q means the largest entry of each row, without another backup.",
)
def _c4_q_random(answer, rng):
    cases = [lossy(rng, for_q=True) for _ in range(60)]
    try:
        expect_sides(answer, [(*case, False) for case in cases], see_c4_q)
    except AnswerError as error:
        if error.kind != "raised":
            raise
        answer(*lossy(rng, for_q=False))  # raises again if the table does not matter
        raise Failed(
            error.message,
            "With a table V the function works. Here the table is a Q, of shape (S, A): it is "
            "told apart by its number of axes.",
            given=error.where[-1] if error.where else "",
        ) from None


@c4.check(
    "a table Q where the bound is attained",
    points=0.75,
    hint="One state, two loops, and the first action is the bad one.",
)
def _c4_q_tight(answer, rng):
    cases = []
    for _ in range(10):
        example = envs.tight_loss_q(float(rng.uniform(0.5, 3)), float(rng.uniform(0.3, 0.95)))
        cases.append((*lossy(rng, for_q=True), False))
        cases.append((example.mdp, example.Q, True))
    expect_sides(answer, cases, see_c4_q)


c5 = Exercise("02_bellman/c5")


def see_c5(sides: Sides, value, mdp, pi, *, tight: bool) -> None:
    """Policy improvement."""
    Q = q_of(mdp, pi)
    old, new, best = v_of(mdp, pi), v_of(mdp, first_best(Q)), v_star(mdp)
    try:
        sides_of(value, old.shape)
    except Failed as found:
        if has_shape(value, (2,)):
            found.cause = "The claim holds in every state: each side has one number for each."
        raise
    myopic = v_of(mdp, first_best(mdp.R))
    sides.see(
        value,
        old,
        new,
        left=lambda: {"These are the optimal values.": best},
        right=lambda: {
            "These are the optimal values: one improvement need not reach them.": best,
            "The largest Q^pi is one better step, then the old policy again. The new policy keeps "
            "improving.": Q.max(axis=1),
            "The new policy looks at the reward only: it has to be greedy for Q^pi.": myopic,
            "Nothing was improved.": old,
        },
        tight=tight,
    )


@c5.check(
    "random policies: the values before and after one improvement",
    seconds=SECONDS,
    points=1,
    hint="Evaluate the policy, make it greedy for its own Q, evaluate again.",
)
def _c5_random(answer, rng):
    cases = []
    while len(cases) < 60:
        mdp = world(rng, 5, 3, gamma=float(rng.uniform(0.85, 0.95)))
        pi = first_best(some_policy(rng, mdp)) if rng.random() < 0.5 else some_policy(rng, mdp)
        Q = q_of(mdp, pi)
        new, best, myopic = v_of(mdp, first_best(Q)), v_star(mdp), v_of(mdp, first_best(mdp.R))
        off = [Q.max(axis=1) - new, myopic - new, myopic - best]
        if len(cases) < 40:  # later a single improvement may be all there is to gain
            off.append(best - new)
        if min(map(sup, off)) > 0.02 and clear(Q):
            cases.append((mdp, pi))
    expect_sides(answer, [(*case, False) for case in cases], see_c5)


@c5.check(
    "a policy that is optimal already: the sides are equal, and not by construction",
    points=0.5,
    hint="A greedy step from the top leads nowhere else.",
)
def _c5_tight(answer, rng):
    cases = []
    while len(cases) < 20:
        mdp = world(rng, 4, 3)
        walk, best = np.full(mdp.R.shape, 1 / 3), q_star(mdp)
        if clear(q_of(mdp, walk)) and clear(best):
            cases += [(mdp, walk, False), (mdp, first_best(best), True)]
    expect_sides(answer, cases, see_c5)


c6 = Exercise("02_bellman/c6")


def see_c6(sides: Sides, value, mdp, other, pi, *, tight: bool) -> None:
    """Simulation lemma."""
    gamma = mdp.gamma
    one, two = v_of(mdp, pi), v_of(other, pi)
    off_r = sup(mdp.R - other.R)
    off_p = float(np.abs(mdp.P - other.P).sum(axis=2).max())

    def bound(span: float) -> float:
        return off_r / (1 - gamma) + gamma * off_p * span / (2 * (1 - gamma))

    span = float(np.ptp(two))
    sides.see(
        value,
        sup(one - two),
        bound(span),
        left=lambda: {
            "The largest signed difference is taken: distances have no sign.": (one - two).max(),
            "Optimal values are compared: the claim is about one policy in two worlds.": sup(
                v_star(mdp) - v_star(other)
            ),
        },
        right=lambda: {
            "The span is that of the first world's values: the claim uses the other "
            "world's.": bound(float(np.ptp(one))),
            "The factor 1/2 is missing.": bound(2 * span),
            "The largest value is used instead of the span, largest minus smallest.": bound(
                sup(two)
            ),
            "The distance of the transitions is the largest entry: it is a sum over next "
            "states.": off_r / (1 - gamma)
            + gamma * sup(mdp.P - other.P) * span / (2 * (1 - gamma)),
            "The distances are summed over all rows: the worst row counts.": off_r / (1 - gamma)
            + gamma * float(np.abs(mdp.P - other.P).sum()) * span / (2 * (1 - gamma)),
            "The factor gamma is missing: transitions matter one step later.": off_r / (1 - gamma)
            + off_p * span / (2 * (1 - gamma)),
            "The rewards' part is missing.": bound(span) - off_r / (1 - gamma),
            "The transitions' part is missing.": off_r / (1 - gamma),
        },
        tight=tight,
    )


@c6.check(
    "random pairs of worlds: both sides of the simulation lemma",
    seconds=SECONDS,
    points=1.25,
    hint="Largest reward error; largest sum of |P - P'| over s'; largest minus smallest V.",
)
def _c6_random(answer, rng):
    cases = []
    for k in range(200):
        mdp = world(rng, 4, 3)
        far = world(rng, 4, 3, gamma=mdp.gamma)
        mix = float(rng.uniform(0.1, 1.0))
        P = (1 - mix) * mdp.P + mix * far.P
        R = mdp.R + (k % 4 > 0) * mix * far.R
        P = mdp.P if k % 5 == 4 else P
        cases.append((mdp, TabularMDP(P, R, mdp.gamma), some_policy(rng, mdp)))
    expect_sides(answer, [(*case, False) for case in cases], see_c6)


@c6.check(
    "two pairs of worlds where the bound is attained",
    points=0.75,
    hint="All rewards off by one constant; or the same lottery over next states everywhere.",
)
def _c6_tight(answer, rng):
    cases = []
    for k in range(10):
        mdp = world(rng, 4, 3)
        pi = some_policy(rng, mdp)
        if k % 2:
            other = TabularMDP(mdp.P, mdp.R + float(rng.uniform(-2, 2)), mdp.gamma)
        else:  # two states, the next one drawn by lot: every step errs alike
            R = np.repeat(rng.normal(size=(2, 1)), 2, axis=1)
            chances = rng.uniform(0.1, 0.9, size=2)
            mdp, other = (
                TabularMDP(np.broadcast_to([p, 1 - p], (2, 2, 2)), R, mdp.gamma) for p in chances
            )
            pi = some_policy(rng, mdp)
        cases.append((mdp, other, pi, True))
        mdp, other = world(rng, 4, 3, gamma=0.8), world(rng, 4, 3, gamma=0.8)
        cases.append((mdp, other, some_policy(rng, mdp), False))
    expect_sides(answer, cases, see_c6)


ROUNDING = 1e-9
"""What a margin forgives: 0.1 built from other numbers may be a little below 0.1."""


# --- hunts -------------------------------------------------------------------------------------

hunt_l2 = Exercise("02_bellman/hunt_l2")


def expansion(value) -> tuple[float, str]:
    """How much T* stretches the Euclidean distance of two tables, and why it may not."""
    mdp, one, two = parts_of(value, ("mdp", "Q1", "Q2"))
    gamma_below_1(mdp)
    before = one - two
    if sup(before) < 1e-6:
        raise Failed("The two tables are equal.", "There is no distance to stretch.")
    after = backup_opt(one, mdp) - backup_opt(two, mdp)
    cause = "The entries that differ matter for too few pairs of state and action."
    if before.size == 1:
        cause = "With one state and one action there is one number, and it shrinks by gamma."
    elif np.ptp(before) < 1e-9 * sup(before):
        cause = "All entries differ by the same amount: then every distance shrinks by gamma."
    elif sup(after) < 1e-9 * sup(before):
        cause = (
            "The two backups are equal: the largest value of a next state is the same in both "
            "tables."
        )
    return float(np.linalg.norm(after) / np.linalg.norm(before)), cause


@hunt_l2.check(
    "in the Euclidean norm the two backups are at least 1.05 times as far apart as the tables",
    points=2,  # at once: half a counterexample could earn more with one mistake more
    hint="One entry of Q can matter for many pairs (s, a) that lead to its state.",
)
def _l2_expands(answer, rng):
    ratio, cause = expansion(answer())
    if ratio < 1.05 - ROUNDING:
        grows = ratio > 1 + 1e-9
        raise Failed(
            "The Euclidean distance grows by less than 5 %."
            if grows
            else "The Euclidean distance does not grow.",
            "" if grows else cause,
            expected="a ratio of at least 1.05",
            given=f"{ratio:.4f}",
        )


hunt_gamma1 = Exercise("02_bellman/hunt_gamma1")


def why_no_solution(mdp: TabularMDP, Q: np.ndarray, other: np.ndarray) -> str:
    """Why a table does not solve the undiscounted equation, where that can be told."""
    V, after_half = np.zeros(mdp.n_states), np.zeros(mdp.n_states)
    half = 1000
    for k in range(2 * half):  # the best undiscounted sums over more and more steps
        after_half = V if k == half else after_half
        V = (mdp.R + mdp.P @ V).max(axis=1)
    gain = (V - after_half) / half
    if sup(gain) > 1e-6:
        s = int(np.abs(gain).argmax())
        return (
            f"From state {s} on the best policy earns {gain[s]:.3g} a step for ever. With gamma = "
            "1 such a sum has no end, and no table solves the equation."
        )
    solved = sup(backup_opt(other, mdp) - other) < 1e-9 * max(1.0, sup(other))
    if solved and sup(other) > 0:
        scale = float((Q * other).sum() / (other * other).sum())
        if sup(Q - scale * other) < 1e-9 * max(1.0, sup(Q)):
            return "It is a multiple of the other table; the rewards do not grow with it."
    return ""


@hunt_gamma1.check(
    "two different tables solve the optimality equation with gamma = 1",
    points=1.5,
    hint="A loop that pays nothing and never ends: what does the equation say about its value?",
)
def _two_fixed_points(answer, rng):
    mdp, one, two = undiscounted(answer())
    for name, Q, other in (("Q1", one, two), ("Q2", two, one)):
        moved = np.abs(backup_opt(Q, mdp) - Q)
        if moved.max() > 1e-9 * max(1.0, sup(Q)):
            s, a = np.unravel_index(moved.argmax(), moved.shape)
            raise Failed(
                f"`{name}` does not solve the optimality equation: one backup moves its entry "
                f"[{s}, {a}].",
                why_no_solution(mdp, Q, other),
                expected="a residual of 0",
                given=f"{moved.max():.4g}",
            )
    if sup(one - two) < 0.1 - ROUNDING:
        near = sup(one - two)
        raise Failed(
            "The two tables differ by less than 0.1." if near else "The two tables are equal.",
            expected="a difference of at least 0.1 somewhere",
            given=f"{near:.4g}",
        )


hunt_start = Exercise("02_bellman/hunt_start")


@hunt_start.check(
    "the policy is the best from the start and loses elsewhere",
    points=2,  # at once: an optimal policy alone shows nothing
    hint="A state that is never reached from the start can be treated badly without punishment.",
)
def _loses_elsewhere(answer, rng):
    mdp, pi = parts_of(answer(), ("mdp", "pi"))
    gamma_below_1(mdp)
    first = one_start(mdp)
    solution, own = solve.policy_iteration(mdp), solve.policy_evaluation(mdp, pi).V
    best = solution.V
    slack = 1e-9 * max(1.0, sup(best))
    if best[first] - own[first] > slack:
        raise Failed(
            "From the first state another policy collects more.",
            worse_actions(mdp, solution, pi, first),
            expected=f"V*(s0) = {best[first]:.5g}",
            given=f"V^pi(s0) = {own[first]:.5g}",
        )
    if (best[:, None] - solution.Q).max() <= slack:
        raise Failed(
            "In this world every policy is optimal.",
            "Let there be something to gain or to lose: an action that is worse than another.",
        )
    lost = (best - own).max()
    if lost < 0.1 - ROUNDING:
        everywhere = lost <= slack
        raise Failed(
            "The policy is as good as the best one everywhere."
            if everywhere
            else "The policy loses less than 0.1 in every state.",
            "Is there a state that the start never leads to, and a bad action in it?"
            if everywhere
            else "",
            expected="a state in which it loses at least 0.1",
            given=f"largest loss {lost:.4g}",
        )


def worse_actions(
    mdp: TabularMDP, solution: solve.Solution, pi: np.ndarray, start: int | None = None
) -> str:
    """Where a policy takes an action that is not one of the best.

    Args:
        mdp: the world.
        solution: its optimal values.
        pi: the policy, (S, A).
        start: only states that the policy reaches from here; all states if None.
    """
    off = np.where(pi > 0, solution.V[:, None] - solution.Q, 0.0)
    off[mdp.terminal] = 0.0
    if start is not None:
        steps = np.einsum("sa,saz->sz", pi, mdp.P)
        seen = np.linalg.solve(np.eye(mdp.n_states) - 0.9 * steps.T, np.eye(mdp.n_states)[start])
        off[seen < 1e-12] = 0.0
    s, a = np.unravel_index(off.argmax(), off.shape)
    return (
        f"In state {s} it takes action {a}, which is worse than the best action there by "
        f"{off[s, a]:.3g}."
    )


hunt_operator = Exercise("02_bellman/hunt_operator")


@hunt_operator.check(
    "greedy for V: the operators agree on V and differ on W",
    points=1.5,
    hint="W has to make another action look best than V does.",
)
def _operators_differ(answer, rng):
    mdp, V, W = parts_of(answer(), ("mdp", "V", "W"))
    gamma_below_1(mdp)
    greedy = backup(mdp, lambda s: float(V[s])).argmax(axis=1)
    after = backup(mdp, lambda s: float(W[s]))
    gap = float((after.max(axis=1) - after[np.arange(len(W)), greedy]).max())
    if gap >= 0.1 - ROUNDING:
        return
    if gap > 1e-9:
        raise Failed(
            "On W the two operators differ by less than 0.1.",
            expected="a difference of at least 0.1",
            given=f"{gap:.4g}",
        )
    cause = "The policy is greedy for W as well."
    if mdp.n_actions == 1:
        cause = "There is one action only: no policy but one, and it is greedy for every table."
    elif sup(W - V) < 1e-9:
        cause = "W is V."
    elif np.ptp(W - V) < 1e-9:
        cause = "W and V differ by a constant: the same actions are greedy."
    raise Failed(
        "On W too the policy's operator gives what the optimal one gives.",
        cause,
        expected="a difference of at least 0.1",
        given=f"{gap:.4g}",
    )


hunt_ties = Exercise("02_bellman/hunt_ties")


@hunt_ties.check(
    "one optimal policy without chance, one with, and not every policy is optimal",
    points=1,
    hint="Two actions that are equally good, and one that is worse.",
)
def _two_optimal(answer, rng):
    mdp, one, two = parts_of(answer(), ("mdp", "pi1", "pi2"))
    gamma_below_1(mdp)
    solution = solve.policy_iteration(mdp)
    slack = 1e-9 * max(1.0, sup(solution.V))
    for name, pi in (("pi1", one), ("pi2", two)):
        loss = float((solution.V - solve.policy_evaluation(mdp, pi).V).max())
        if loss > slack:
            raise Failed(
                f"`{name}` is not optimal.",
                worse_actions(mdp, solution, pi),
                expected="no loss in any state",
                given=f"largest loss {loss:.4g}",
            )
    unsure = int(one.max(axis=1).argmin())
    if one[unsure].max() < 1 - ROUNDING:
        raise Failed(
            f"`pi1` leaves something to chance in state {unsure}.",
            expected="one action in each state",
            given=show(one[unsure]),
        )
    live = ~mdp.terminal
    if not live.any() or two[live].max(axis=1).min() > 0.95 + ROUNDING:
        ends = mdp.terminal.any() and two[mdp.terminal].max(axis=1).min() <= 0.95
        raise Failed(
            "`pi2` takes one action in every state, or nearly."
            if not ends
            else "`pi2` mixes in terminal states only.",
            "After the end nothing is decided: it has to mix in a state that is not terminal."
            if ends
            else "It has to mix two actions in a state that is not terminal.",
            expected="a state where no action has more than 0.95",
        )
    worst = (solution.V[:, None] - solution.Q)[live].max()
    if worst < 0.1 - ROUNDING:
        raise Failed(
            "In this world every policy is optimal."
            if worst <= slack
            else "In this world no action loses more than 0.1.",
            "Let there be an action that loses something." if worst <= slack else "",
            expected="an action that loses at least 0.1",
            given=f"largest loss {worst:.4g}",
        )


# --- order_optimality --------------------------------------------------------------------------

optimality = Exercise("02_bellman/order_optimality")
judged(optimality, OPTIMALITY, {4: 0.5, 7: 0.5}, 1.5)


@optimality.check(
    "most reasons fit", points=0.5, hint="At most two of the ten are allowed to be off here."
)
def _optimality_most_reasons(answer, rng):
    OPTIMALITY.expect_reasons(answer(), 2)


@optimality.check(
    "every reason fits", points=1, hint="Which lines live from the factor gamma alone?"
)
def _optimality_all_reasons(answer, rng):
    OPTIMALITY.expect_reasons(answer(), 0)
