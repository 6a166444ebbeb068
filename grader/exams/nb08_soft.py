"""Hidden checks of 08_sac for soft backups on tables.

Expected values: the definition E[Q] + alpha H of a softmax that scipy normalises, where an answer
uses the closed form; backups as sums pair by pair.

False alarms: none. Chance draws the tables only; every function here is smooth in Q, and the
tolerances lie far above rounding.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import entr, logsumexp

from grader.exams.evidence import Evidence
from grader.exams.tabular import random_mdp
from qlib import solve
from qlib.checks import Exercise, Failed, array, as_array, matches
from qlib.mdp import TabularMDP

Wrong = Callable[[np.ndarray, float], dict[str, np.ndarray]]
"""(Q, alpha) -> what typical mistakes give."""


def snapped(given: Any, want: np.ndarray, tolerance: float, what: str) -> np.ndarray:
    """The answer's numbers; the expected ones if they differ by no more than float32 does."""
    found = array(given, want.shape, what=what)
    return want if (np.abs(found - want) <= tolerance * (1 + np.abs(want))).all() else found


value = Exercise("08_sac/soft_v")
policy = Exercise("08_sac/soft_pi")
iteration = Exercise("08_sac/soft_q_iteration")


def soft_value(Q: np.ndarray, alpha: float) -> np.ndarray:
    """E_pi[Q] + alpha H(pi) of the softmax policy: the definition, not the closed form."""
    pi = soft_policy(Q, alpha)
    return (pi * Q).sum(axis=1) + alpha * entr(pi).sum(axis=1)


def soft_policy(Q: np.ndarray, alpha: float) -> np.ndarray:
    """exp(Q / alpha), normalised."""
    return np.exp(Q / alpha - logsumexp(Q / alpha, axis=1, keepdims=True))


def tables(rng: np.random.Generator, n: int = 20) -> list[tuple[np.ndarray, float]]:
    """Random tables with temperatures, none near 1."""
    alphas = np.concatenate([rng.uniform(0.15, 0.6, n // 2), rng.uniform(1.7, 4, n - n // 2)])
    sizes = rng.integers(2, 7, (n, 2))
    return [(rng.normal(size=(s, a)), float(x)) for (s, a), x in zip(sizes, alphas, strict=True)]


def wrong_values(Q: np.ndarray, alpha: float) -> dict[str, np.ndarray]:
    """What typical mistakes give."""
    pi = soft_policy(Q, alpha)
    lse = logsumexp(Q / alpha, axis=1)
    return {
        "The factor alpha before log sum exp is missing.": lse,
        "Q is not divided by alpha inside the exponential.": alpha * logsumexp(Q, axis=1),
        "alpha is used the wrong way round: divide by it inside, multiply outside.": logsumexp(
            alpha * Q, axis=1
        )
        / alpha,
        "alpha is ignored.": logsumexp(Q, axis=1),
        "This is the hard maximum.": Q.max(axis=1),
        "The entropy is missing: this is only the mean of Q under the policy.": (pi * Q).sum(1),
        "The entropy is subtracted: it is a bonus.": (pi * Q).sum(1) - alpha * entr(pi).sum(1),
        "The entropy is added without its factor alpha.": (pi * Q).sum(1) + entr(pi).sum(1),
        "log of the mean, not of the sum, of the exponentials.": alpha * lse
        - alpha * math.log(Q.shape[1]),
        "The logarithm is missing.": alpha * np.exp(lse),
    }


def expect_values(answer, cases: list[tuple[np.ndarray, float]], wrong: Wrong | None) -> None:
    """Compare soft values; a logarithm of 0 has a message of its own.

    Args:
        answer: the student's function.
        cases: tables with temperatures.
        wrong: what typical mistakes give.
    """
    evidence, underflow = Evidence("the soft value"), True
    for Q, alpha in cases:
        given, want = answer(Q, alpha), soft_value(Q, alpha)
        named = lambda Q=Q, alpha=alpha: wrong(Q, alpha) if wrong else {}  # noqa: E731
        evidence.see(given, want, named)
        found = as_array(given)
        underflow = underflow and matches(np.where(found == -np.inf, want, found), want)
    if evidence.first is not None and underflow:  # all entries are right or minus infinity
        evidence.causes = {
            "All exponentials of a row have become 0, and the logarithm of 0 is minus infinity: "
            "take out the largest Q of each row, not of the whole table.": None
        }
    evidence.conclude()


@value.check(
    "alpha log sum exp(Q / alpha), row by row",
    points=2,
    hint="Divide by alpha inside, multiply by alpha outside. Sum over the actions.",
)
def _soft_v(answer, rng):
    expect_values(answer, tables(rng), wrong_values)


def extreme(rng: np.random.Generator) -> list[tuple[np.ndarray, float]]:
    """Values around 1e4 and temperatures down to 1e-3: exp(Q / alpha) overflows.

    In the first tables the values of all rows lie together; in the last two they lie far apart,
    so that neither the smallest value nor the largest of the whole table can be taken out.
    """
    alphas = [float(alpha) for alpha in rng.permutation([1e-3, 0.01, 1.0, 5.0, 0.1, 2e-3])]
    offsets = rng.choice([-1.0, 1.0], 6) * rng.uniform(0.5e4, 2e4, 6)
    cases = [
        (c + rng.normal(size=(3, 4)) * 3 * alpha, alpha)
        for c, alpha in zip(offsets, alphas, strict=True)
    ]
    for alpha in (1e-3, 0.1):
        rows = np.array([-1e4, 0.0, 1e4])[:, None] + rng.uniform(-3e3, 3e3, (3, 4))
        cases.append((rng.permutation(rows), alpha))
    return cases


@value.check(
    "large values and small temperatures do not overflow",
    points=1,
    hint="Take the largest Q of each row out of the sum first.",
)
def _soft_v_stable(answer, rng):
    expect_values(answer, extreme(rng), None)


def wrong_policies(Q: np.ndarray, alpha: float) -> dict[str, np.ndarray]:
    """What typical mistakes give."""
    z = np.exp(Q / alpha)
    largest = np.exp((Q - Q.max(axis=1, keepdims=True)) / alpha)
    greedy = np.eye(Q.shape[1])[Q.argmax(axis=1)]
    return {
        "alpha multiplies Q: it divides.": soft_policy(Q, 1 / alpha),
        "alpha is ignored.": soft_policy(Q, 1.0),
        "It is normalised over all pairs, not row by row.": z / z.sum(),
        "It is normalised over the states: each row sums to 1.": z / z.sum(axis=0),
        "The exponentials are not normalised.": z,
        "They are not normalised: divide by the sum of each row.": largest,
        "The signs are turned around: better actions get less.": soft_policy(-Q, alpha),
        "This is the greedy policy.": greedy,
    }


@policy.check(
    "softmax of Q / alpha, row by row",
    points=1.5,
    hint="exp(Q / alpha), divided by its sum over the actions of the same state.",
)
def _soft_pi(answer, rng):
    evidence = Evidence("the policy")
    for Q, alpha in tables(rng):
        wrong = lambda Q=Q, alpha=alpha: wrong_policies(Q, alpha)  # noqa: E731
        evidence.see(answer(Q, alpha), soft_policy(Q, alpha), wrong)
    evidence.conclude()


@policy.check(
    "large values and small temperatures do not overflow",
    points=0.5,
    hint="A constant added to a row of Q changes nothing: subtract the largest.",
)
def _soft_pi_stable(answer, rng):
    evidence = Evidence("the policy")
    for Q, alpha in extreme(rng):
        want = soft_policy(Q, alpha)
        evidence.see(snapped(answer(Q, alpha), want, 1e-6, "the policy"), want)
    evidence.conclude()


@dataclass(frozen=True)
class Backup:
    """Soft value iteration pair by pair; the fields turn typical mistakes on."""

    mdp: TabularMDP
    alpha: float
    n: int
    terminal_pays: bool = False
    discount: bool = True
    hard: bool = False
    entropy_of_first: bool = False
    start: float = 0.0
    extra: int = 0
    scale: float | None = None
    in_place: str = ""  # new entries are read "by state" or "by pair"

    def values(self, Q: np.ndarray) -> np.ndarray:
        """The value of each state."""
        alpha = self.alpha if self.scale is None else self.scale
        V = Q.max(axis=1) if self.hard else soft_value(Q, alpha)
        return V if self.terminal_pays else np.where(self.mdp.terminal, 0.0, V)

    def run(self) -> np.ndarray:
        """Q after n sweeps from 0."""
        mdp, gamma = self.mdp, self.mdp.gamma if self.discount else 1.0
        Q = np.full(mdp.R.shape, self.start)
        for _ in range(self.n + self.extra):
            V, new = self.values(Q), Q.copy()
            for s, a in np.ndindex(*Q.shape):
                if self.in_place == "by pair" or (self.in_place == "by state" and a == 0):
                    V = self.values(new)
                mean = math.fsum(p * v for p, v in zip(mdp.P[s, a], V, strict=True))
                new[s, a] = mdp.R[s, a] + gamma * mean
            Q = new
        return Q


def wrong_iterations(mdp: TabularMDP, alpha: float, n: int) -> dict[str, np.ndarray]:
    """What typical mistakes give."""

    def other(**changes: Any) -> np.ndarray:
        return Backup(mdp, alpha, n, **changes).run()

    mask = np.where(mdp.terminal, 0.0, 1.0)[:, None]
    paid = other(terminal_pays=True)
    overwritten = (
        "The sweep reads values that it has just overwritten: all of Q_{k+1} come from Q_k."
    )
    return {
        "A terminal state is worth alpha log A for ever: after the end there is no action, no "
        "entropy and no value.": paid,
        "Terminal states are worth something as next states: only their own rows are zero.": paid
        * mask,
        "The discount is missing.": other(discount=False),
        "This is the hard maximum: ordinary Q-iteration.": other(hard=True),
        "There is one sweep too many.": other(extra=1),
        "There is one sweep too few.": other(extra=-1 if n else 0),
        "alpha is ignored.": other(scale=1.0),
        overwritten: other(in_place="by state"),
        overwritten + " (It happens pair by pair.)": other(in_place="by pair"),
    }


def expect_iterations(answer, cases: list[tuple[TabularMDP, float, int]]) -> None:
    """Compare soft Q-iterations."""
    evidence = Evidence("Q")
    for mdp, alpha, n in cases:
        evidence.see(
            answer(mdp, alpha, n),
            Backup(mdp, alpha, n).run(),
            lambda mdp=mdp, alpha=alpha, n=n: wrong_iterations(mdp, alpha, n),
            what=f"Q after {n} sweep{'s' * (n != 1)}",
        )
    evidence.conclude()


@iteration.check(
    "n sweeps of the soft backup",
    points=1.5,
    hint="r + gamma times the mean over next states of the soft value of the former Q.",
)
def _soft_q(answer, rng):
    cases = []
    for k in range(12):
        alpha = float(rng.uniform(0.2, 0.7) if k % 2 else rng.uniform(1.6, 3))
        cases.append((random_mdp(rng), alpha, int(rng.integers(2, 6))))
    cases += [(random_mdp(rng), 0.5, 0), (random_mdp(rng), 2.0, 1)]
    expect_iterations(answer, cases)


@iteration.check(
    "terminal states have no entropy",
    points=1,
    hint="After the end nobody acts. The closed form would pay alpha log A for it.",
)
def _soft_q_terminal(answer, rng):
    cases = [
        (random_mdp(rng, 5, n_terminal=int(rng.integers(1, 3))), float(rng.uniform(0.3, 2)), n)
        for n in rng.integers(2, 6, 10).tolist()
    ]
    expect_iterations(answer, cases)


@iteration.check(
    "in the limit: between Q* and Q* + gamma alpha log A / (1 - gamma)",
    points=0.5,
    hint="As alpha goes to 0, the soft Q goes to Q*, at worst by this much.",
)
def _soft_q_limit(answer, rng):
    for _ in range(3):
        mdp = random_mdp(rng, 4, 3, gamma=float(rng.uniform(0.5, 0.8)))
        star = solve.policy_iteration(mdp).Q
        for alpha in (1e-3, float(rng.uniform(0.5, 2.0))):
            Q = array(answer(mdp, alpha, 120), mdp.R.shape, what="Q after 120 sweeps")
            gap, bound = Q - star, mdp.gamma * alpha * math.log(3) / (1 - mdp.gamma)
            if gap.min() < -1e-6 or gap.max() > bound + 1e-6:
                raise Failed(
                    f"With alpha = {alpha:.3g} the soft Q leaves its bounds around Q*.",
                    "Below Q* the entropy is a cost; above the bound it is counted too often.",
                    expected=f"between 0 and {bound:.4g} above Q*",
                    given=f"from {gap.min():.4g} to {gap.max():.4g}",
                )
    expect_iterations(answer, [(mdp, alpha, int(rng.integers(40, 80)))])
