"""Hidden checks of 05_overestimation.

Expected values come from distribution functions integrated on a grid, from the premises of a
theorem, from sums written out entry by entry, and, for the study of Example 6.7, from a simulation
of our own with the parameters of the call.

False alarms. `max_bias_mc` compares 9 means, each wrong with probability at most 1e-7
(`allowed_mean`), and 4 standard errors, each below 1e-9 (`expect_stderr`). `left_rate` compares 36
windows, each wrong with at most 1.1e-7 (`expect_windows`), at most 8 of them in one check. That is
below 1e-6 a check, and below 5e-6 in all.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.integrate import quad
from scipy.special import ndtr

from grader.exams.evidence import Evidence
from grader.exams.tabular import FALSE_ALARM, slack
from qlib.checks import Exercise, Failed, array, close, matches, number, show
from qlib.checks.nb05_overestimation import curve_of, estimate_of, tables_of

GLOBAL_RNG = "All chance has to come from the generator that is handed in, not from NumPy's own."
OWN_SEED = "Is the generator made inside the function? Then it starts afresh at every call."

# --- 1 max_bias_mc -----------------------------------------------------------------------------

max_bias = Exercise("05_overestimation/max_bias_mc")


@dataclass(frozen=True)
class Largest:
    """Moments of the largest of independent normal estimates, by integrals of its distribution."""

    mu: np.ndarray
    sigma: float

    def cdf(self, x: np.ndarray) -> np.ndarray:
        """Probability that all estimates are below x, (n,)."""
        return ndtr((x[:, None] - self.mu) / self.sigma).prod(axis=1)

    def grid(self) -> np.ndarray:
        """Points that cover all but 1e-18 of the distribution."""
        return np.linspace(self.mu.min() - 9 * self.sigma, self.mu.max() + 9 * self.sigma, 8001)

    def mean_of(self, g: Callable[[np.ndarray], np.ndarray]) -> float:
        """E g(largest)."""
        x = self.grid()
        return float(g((x[1:] + x[:-1]) / 2) @ np.diff(self.cdf(x)))

    @property
    def bias(self) -> float:
        """E max minus max E."""
        return self.mean_of(lambda x: x) - float(self.mu.max())

    @property
    def std(self) -> float:
        """Standard deviation of the largest."""
        mean = self.mean_of(lambda x: x)
        return math.sqrt(self.mean_of(lambda x: (x - mean) ** 2))

    def double(self) -> float:
        """Bias of the double estimator: the true value of the selected action, on average."""
        x = self.grid()
        F = ndtr((x[:, None] - self.mu) / self.sigma)
        middle = (F[1:] + F[:-1]) / 2
        chosen = [
            float(np.diff(F[:, a]) @ np.delete(middle, a, axis=1).prod(axis=1))
            for a in range(len(self.mu))
        ]
        return float(np.dot(chosen, self.mu) - self.mu.max())


def allowed_mean(sigma: float, n: int) -> float:
    """How far the mean of n maxima may be from its expectation.

    A maximum changes by at most sigma |z - z'| when the unit normal numbers z behind it change, so
    the mean of n of them by sigma |z - z'| / sqrt(n). A function of normal numbers with this
    Lipschitz constant L is further than t from its expectation with probability at most
    2 exp(-t^2 / (2 L^2)) (Gaussian concentration). For FALSE_ALARM = 1e-7 that is the case at
    t = 5.8 sigma / sqrt(n).
    """
    return sigma * math.sqrt(2 * math.log(2 / FALSE_ALARM) / n)


def wrong_biases(mu: np.ndarray, sigma: float) -> dict[str, float]:
    """The mean of what typical mistakes return."""
    right = Largest(mu, sigma)
    best, bias = float(mu.max()), right.bias
    return {
        "This is the mean of the maximum: the true maximum has to be subtracted.": bias + best,
        "The mean of the true values is subtracted, not their maximum.": bias
        + best
        - float(mu.mean()),
        "The sign is turned around: the bias is estimate minus truth.": -bias,
        "There is no bias in it: do all actions get the same error? Each needs its own.": 0.0,
        "The largest is selected with one set of errors and evaluated with another: that is the "
        "double estimator.": right.double(),
        "The bias is divided by the square root of the number of actions.": bias
        / math.sqrt(len(mu)),
        "sigma is used as a variance: it is the standard deviation.": Largest(
            mu, math.sqrt(sigma)
        ).bias,
        "The errors have the standard deviation sigma squared.": Largest(mu, sigma**2).bias,
        "sigma is ignored.": Largest(mu, 1.0).bias,
        "This is a mean absolute error: the sign of each draw counts, too.": right.mean_of(
            lambda x: np.abs(x - best)
        ),
        "The search for the largest begins at 0, and all values may be negative.": right.mean_of(
            lambda x: np.maximum(x, 0.0)
        )
        - best,
        "The true values are left out: all actions are treated as equal.": Largest(
            np.zeros(len(mu)), sigma
        ).bias,
    }


def expect_biases(answer, rng, cases: list[tuple[np.ndarray, float]], n: int) -> None:
    """Compare the estimate on several instances; name a cause that explains all that are wrong."""
    first, causes = None, None
    for mu, sigma in cases:
        est, _ = estimate_of(answer(mu, sigma, n, rng))
        want, allowed = Largest(mu, sigma).bias, allowed_mean(sigma, n)
        if abs(est - want) <= allowed:
            continue
        fits = {
            text: None
            for text, value in wrong_biases(mu, sigma).items()
            if abs(est - value) <= max(allowed, allowed_mean(max(1.0, sigma**2), n))
        }
        if first is None:
            first, causes = (est, want, allowed, len(mu)), fits
        else:
            causes = {text: None for text in causes if text in fits}
    if first is not None:
        est, want, allowed, m = first
        raise Failed(
            f"For {m} action{'s' * (m > 1)} the estimate is further from the exact bias than "
            "chance explains.",
            next(iter(causes), ""),
            expected=f"{want:.4g} ± {allowed:.2g}",
            given=show(est),
        )


@max_bias.check(
    "the estimate is E max minus max E",
    points=2.5,
    hint="One maximum a draw, over the actions. Then the mean over the draws, minus the true "
    "maximum.",
)
def _bias(answer, rng):
    cases = []
    for k in range(6):
        m, sigma = int(rng.integers(3, 12)), float(rng.choice([0.4, 1.6, 2.0]))
        mu = rng.normal(size=m) * sigma + rng.choice([-8.0, 5.0])
        mu[:2] = mu.max() + np.array([0.0, -0.1 * sigma])  # the noise can change the winner
        cases.append((rng.permutation(mu) if k else np.full(m, mu[0]), sigma))
    expect_biases(answer, rng, cases, 20_000)


def expect_stderr(answer, rng, mu: np.ndarray, sigma: float, n: int) -> None:
    """The standard error is within 10 % of the exact one.

    The largest of normal estimates has kurtosis below 5, so the relative standard deviation of a
    sample's standard deviation is below sqrt(4 / n) / 2 = 0.016 for n = 4,000: 10 % are 6 of them.
    """
    _, stderr = estimate_of(answer(mu, sigma, n, rng))
    std = Largest(mu, sigma).std
    want = std / math.sqrt(n)
    if abs(stderr - want) <= 0.1 * want:
        return
    causes = {
        "The standard deviation is divided by n instead of the square root of n.": std / n,
        "This is the standard deviation of one draw; the mean of n varies less.": std,
        "This is the variance of one draw.": std**2,
        "This is the variance of the mean, not its square root.": std**2 / n,
        "This is the standard error of one error, not of the maximum.": sigma / math.sqrt(n),
        "The standard error is divided by the square root of the number of actions, too.": want
        / math.sqrt(len(mu)),
    }
    raise Failed(
        "The standard error is more than 10 % off.",
        next((text for text, v in causes.items() if abs(stderr - v) <= 0.06 * v), ""),
        expected=f"{want:.4g} ± 10 %",
        given=show(stderr),
    )


@max_bias.check(
    "the standard error is that of the mean of n maxima",
    points=1.5,
    hint="The spread of the n maxima, divided by the square root of their number.",
)
def _bias_stderr(answer, rng):
    for n in rng.permutation([4_000, 6_000, 9_000]):
        mu, sigma = rng.normal(size=int(rng.integers(5, 12))), float(rng.uniform(1.5, 3.0))
        expect_stderr(answer, rng, mu, sigma, int(n))


@max_bias.check(
    "one action, or no noise: nothing to be fooled by",
    points=1,
    hint="The formula needs no special case for m = 1 or sigma = 0.",
)
def _no_bias(answer, rng):
    shift = float(rng.normal())
    expect_biases(answer, rng, [(np.array([shift, shift]), 1.5)], 20_000)
    for mu in (rng.normal(size=4) - 5.0, rng.normal(size=1)):
        est, stderr = estimate_of(answer(mu, 0.0, 50, rng))
        close(est, 0.0, what="the estimate without noise")
        close(stderr, 0.0, what="the standard error without noise")
    one, sigma = rng.normal(size=1) - 4.0, float(rng.uniform(1.5, 3.0))
    expect_biases(answer, rng, [(one, sigma)], 20_000)
    expect_stderr(answer, rng, one, sigma, 4_000)


@max_bias.check(
    "all chance comes from rng",
    points=1,
    hint="The same generator in the same state gives the same estimate; another one does not.",
)
def _bias_rng(answer, rng):
    mu = rng.normal(size=5)
    expect_biases(answer, rng, [(mu, 2.0)], 20_000)
    expect_same_rng(
        lambda seed: estimate_of(answer(mu, 2.0, 60, np.random.default_rng(seed))),
        [estimate_of(v) for v in answer.repeat(2, mu, 2.0, 60, np.random.default_rng(1))],
        rng,
        "estimate",
    )


def expect_same_rng(call: Callable[[int], Any], in_a_row: list, rng, what: str) -> None:
    """Equal seeds give equal results, different ones and a generator that went on do not."""
    seeds = rng.integers(2**31, size=2)
    if call(int(seeds[0])) != call(int(seeds[0])):
        raise Failed(f"The same generator in the same state gives two {what}s.", GLOBAL_RNG)
    if call(int(seeds[0])) == call(int(seeds[1])) or in_a_row[0] == in_a_row[1]:
        raise Failed(f"Different random numbers give the same {what}.", OWN_SEED)


# --- 2 gap_bias --------------------------------------------------------------------------------

gap = Exercise("05_overestimation/gap_bias")


def exceeding(d: float) -> float:
    """E[max(0, sqrt 2 Z - d)], by quadrature over the density of the difference."""
    value, _ = quad(
        lambda x: (x - d) * math.exp(-(x**2) / 4) / math.sqrt(4 * math.pi), d, d + 40, epsabs=1e-13
    )
    return value


def wrong_gaps(d: float) -> dict[str, float]:
    """What typical mistakes give."""
    right, u = exceeding(d), d / math.sqrt(2)

    def phi(x: float) -> float:
        return math.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)

    root = math.sqrt(2)
    return {
        "This is the mean of the maximum above the worse value: the gap d has to be "
        "subtracted.": right + d,
        "The argument of the distribution and the density is d; it is d divided by the square root "
        "of 2.": d * float(ndtr(d)) + root * phi(d) - d,
        "The factor square root of 2 before the density is missing.": right - (root - 1) * phi(u),
        "Only one of the two estimates is noisy here: the difference of two has the standard "
        "deviation square root of 2.": d * float(ndtr(d)) + phi(d) - d,
        "The density lacks the factor 1 / sqrt(2 pi).": d * float(ndtr(u))
        + root * math.exp(-(u**2) / 2)
        - d,
        "Density and distribution function are exchanged.": d * phi(u) + root * float(ndtr(u)) - d,
        "This is the bias of the double estimator.": -d * float(ndtr(-u)),
        "The sign is turned around.": -right,
        "The density has the argument d instead of d divided by the square root of 2.": right
        + root * (phi(d) - phi(u)),
        "This is the bias of equal actions, whatever the gap.": 1 / math.sqrt(math.pi),
    }


def expect_gaps(answer, ds) -> None:
    """Compare at several gaps, to 1e-4: numerical integrals are welcome."""
    evidence = Evidence()
    ds = list(ds)
    for d, value in zip(ds, answer.many((d,) for d in ds), strict=True):
        what, want = f"the bias for d = {d:g}", exceeding(float(d))
        given = number(value, what=what)
        if abs(given - want) <= 1e-4 * want + 1e-6:
            given = want
        evidence.see(given, want, lambda d=float(d): wrong_gaps(d), what=what)
    evidence.conclude()


@gap.check(
    "random gaps agree with the integral",
    points=3,
    hint="The difference of two unit errors has variance 2: where does that enter?",
)
def _gaps(answer, rng):
    expect_gaps(answer, rng.permutation([*rng.uniform(0.2, 1.5, 12), *rng.uniform(1.5, 3.5, 8)]))


@gap.check(
    "equal actions, and nearly equal ones",
    points=1,
    hint="For d = 0 only the density is left. Integers are numbers, too.",
)
def _equal(answer, rng):
    expect_gaps(answer, [0.0, float(rng.uniform(0.001, 0.05)), 0, int(rng.integers(1, 3))])


@gap.check(
    "a wide gap leaves no bias, and no NaN",
    points=1,
    hint="Far out the three terms cancel, and none of them overflows.",
)
def _wide(answer, rng):
    expect_gaps(
        answer, rng.permutation([6.0, 10.0, *rng.uniform(12, 40, 3), *rng.uniform(0.5, 2, 5)])
    )


# --- 3 vh_errors and vh_check ------------------------------------------------------------------

errors = Exercise("05_overestimation/vh_errors")


def error_cases(rng: np.random.Generator) -> list[tuple[int, float]]:
    """Numbers of actions and mean squares, no mean square near 1."""
    values = np.concatenate([rng.uniform(0.05, 0.5, 10), rng.uniform(2, 30, 10)])
    return [(int(m), float(C)) for m, C in zip(rng.integers(3, 15, 20), values, strict=True)]


def expect_premises(m: int, C: float, given: Any) -> np.ndarray:
    """The errors sum to 0 and have the mean square C."""
    e = array(given, (m,), what="the error vector")
    size = math.sqrt(C * m)
    if abs(e.sum()) > 1e-6 * size:
        raise Failed(
            f"For m = {m} and C = {C:.4g} the errors do not cancel.",
            "The single negative error has to outweigh all the positive ones together.",
            expected="sum 0",
            given=f"sum {e.sum():.4g}, errors {show(e)}",
        )
    mean_square = float((e**2).mean())
    if abs(mean_square - C) > 1e-6 * C:
        causes = {
            "C is a mean of squares: the errors themselves grow like its square root.": C**2,
            "C is the mean of the squares, not their sum.": C / m,
            "The number of actions is m, and m - 1 of them share the positive errors.": C
            * (m - 1)
            / m,
        }
        raise Failed(
            f"For m = {m} and C = {C:.4g} the mean of the squared errors is not C.",
            next((t for t, v in causes.items() if abs(mean_square - v) <= 1e-5 * v), ""),
            expected=f"{C:.5g}",
            given=f"{mean_square:.5g}",
        )
    return e


@errors.check(
    "the errors cancel and have the mean square C",
    points=2,
    hint="Sum 0 fixes the negative error, C the size of all.",
)
def _premises(answer, rng):
    for m, C in error_cases(rng):
        expect_premises(m, C, answer(m, C))


@errors.check(
    "no such errors have a smaller maximum",
    points=1.5,
    hint="m - 1 equal positive errors, one negative.",
)
def _mildest(answer, rng):
    for m, C in error_cases(rng):
        e = expect_premises(m, C, answer(m, C))
        bound = math.sqrt(C / (m - 1))
        if e.max() <= bound * (1 + 1e-6):
            continue
        positive = int((e > 0).sum())
        raise Failed(
            f"For m = {m} and C = {C:.4g} the largest error is above the bound.",
            "The signs are turned around: a single positive error is the worst case, not the "
            "mildest."
            if positive == 1
            else "The fewer errors are positive, the larger they have to be; and equal ones have "
            "the smallest maximum.",
            expected=f"{bound:.5g}",
            given=f"{e.max():.5g}, with {positive} positive errors",
        )


@errors.check("two actions", points=0.5, hint="One positive, one negative, of the same size.")
def _two(answer, rng):
    for C in rng.uniform(2, 9, 4):
        e = expect_premises(2, float(C), answer(2, float(C)))
        close(np.sort(e), [-math.sqrt(C), math.sqrt(C)], what="the error vector, sorted")


vh = Exercise("05_overestimation/vh_check")


def tight(rng: np.random.Generator, m: int) -> np.ndarray:
    """Errors that attain the bound, with a largest absolute value of 1, in random order."""
    e = np.full(m, 1 / (m - 1))
    e[0] = -1.0
    return rng.permutation(e)


def uncancelled(rng: np.random.Generator, m: int) -> np.ndarray:
    """As `tight`, some signs turned: same C, same largest error, but another sum."""
    e = tight(rng, m)
    positive = np.flatnonzero(e > 0)
    e[positive[: int(rng.integers(1, m - 1))]] *= -1
    return e


def random_errors(rng: np.random.Generator, m: int) -> np.ndarray:
    """Errors with sum 0 whose largest is clearly above the bound."""
    while True:
        e = rng.normal(size=m)
        e = (e - e.mean()) / np.abs(e - e.mean()).max()
        if e.max() > math.sqrt((e**2).mean() / (m - 1)) + 0.05:
            return e


def nearly(rng: np.random.Generator, m: int) -> np.ndarray:
    """As `tight`, but one positive error a little larger and another one smaller."""
    e = tight(rng, m)
    i, j = rng.permutation(np.flatnonzero(e > 0))[:2]
    amount = float(rng.uniform(0.004, 0.05))
    e[i] += amount
    e[j] -= amount
    return e


def shifted(rng: np.random.Generator, m: int) -> np.ndarray:
    """A little off in the sum, without a change of the largest error or of its bound.

    One positive error is lowered by d, and the negative one grows so that the squares keep their
    sum: the sum of the errors is then off by about d.
    """
    e = tight(rng, m)
    i, k = int(rng.choice(np.flatnonzero(e > 0))), int(e.argmin())
    amount = 0.2 * e[i]
    e[k] = -math.sqrt(e[k] ** 2 + e[i] ** 2 - (e[i] - amount) ** 2)
    e[i] -= amount
    return e


# kind -> (how it is made, symptom, cause); in the order in which they are reported.
NOT_TIGHT: Mapping[str, tuple[Callable, str, str]] = {
    "uncancelled": (
        uncancelled,
        "Errors that do not cancel are accepted.",
        "The theorem is about errors with sum 0; C and the largest error do not tell.",
    ),
    "random": (
        random_errors,
        "Random errors with sum 0 are accepted.",
        "They satisfy the bound, as all such errors do; asked is whether they attain it.",
    ),
    "mirrored": (
        lambda rng, m: -tight(rng, m),
        "A vector with a single positive error is accepted.",
        "Its largest absolute error is no argument: the largest error lies far above the bound.",
    ),
    "nearly": (
        nearly,
        "Errors that miss the bound by less than 5 % of their size are accepted.",
        "The tolerance is too wide.",
    ),
    "shifted": (
        shifted,
        "Errors that do not cancel are accepted.",
        "The theorem is about errors with sum 0; C and the largest error do not tell.",
    ),
}


def expect_verdicts(answer, rng, cases: list[tuple[str, np.ndarray]], scaled: str = "") -> None:
    """Ask in random order, which no answer can foresee; report the first kind in the list above."""
    wrong: dict[str, np.ndarray] = {}
    cases = [cases[k] for k in rng.permutation(len(cases))]
    for (kind, e), value in zip(cases, answer.many((e,) for _, e in cases), strict=True):
        verdict = number(value, kind="bool", what="the verdict")
        if bool(verdict) != (kind == "tight"):
            wrong.setdefault(kind, e)
    if "tight" in wrong:
        raise Failed(
            "Errors that attain the bound are rejected.",
            scaled
            or "Rounding has to be forgiven, the order of the errors does not matter, and C is the "
            "mean of the squares.",
            expected="True",
            given=f"False, for {show(wrong['tight'])}",
        )
    for kind, (_, symptom, cause) in NOT_TIGHT.items():
        if kind in wrong:
            raise Failed(
                symptom,
                scaled or cause,
                expected="False",
                given=f"True, for {show(wrong[kind])}",
            )


@vh.check(
    "it tells errors that attain the bound from others",
    points=2,
    hint="Two questions: is the sum 0, and is the largest error equal to the bound?",
)
def _verdicts(answer, rng):
    cases = []
    for _ in range(60):
        m = int(rng.integers(3, 12))
        scale = float(rng.uniform(0.5, 5.0))
        if rng.random() < 0.5:
            cases.append(("tight", scale * tight(rng, m)))
            continue
        kind = str(rng.choice(list(NOT_TIGHT)))
        cases.append((kind, scale * NOT_TIGHT[kind][0](rng, m)))
    for kind, (make, _, _) in NOT_TIGHT.items():  # at least two of each kind
        cases += [(kind, float(rng.uniform(0.5, 5.0)) * make(rng, int(rng.integers(3, 9))))] * 2
    expect_verdicts(answer, rng, cases)


@vh.check(
    "tiny and huge errors, and two actions",
    points=1,
    hint="A tolerance that fits errors of size 1 fits no others: compare relative to their size.",
)
def _scales(answer, rng):
    cases = []
    for scale in 10.0 ** rng.permutation([-9, -8, -7, -6, 4, 5, 6, 6]):
        for _ in range(6):
            m, kind = int(rng.integers(3, 12)), str(rng.choice(["random", "nearly", "uncancelled"]))
            if rng.random() < 0.5:
                cases.append(("tight", scale * tight(rng, m)))
            else:
                cases.append((kind, scale * NOT_TIGHT[kind][0](rng, m)))
    expect_verdicts(
        answer,
        rng,
        cases,
        "These errors are very small or very large: the tolerance has to grow with them.",
    )
    x = rng.uniform(0.5, 3.0, 20)
    two = [("tight", np.array([v, -v])) for v in x[:10]]
    two += [("uncancelled", np.array([v, 0.5 * v])) for v in x[10:]]
    expect_verdicts(answer, rng, two, "With two actions, any errors that cancel attain the bound.")


# --- 4 double_target ---------------------------------------------------------------------------

target = Exercise("05_overestimation/double_target")


def a_batch(rng: np.random.Generator, B: int, A: int) -> tuple[np.ndarray, ...]:
    """r, Qsel, Qeval: the two tables prefer different actions in every row."""
    Qsel, Qeval = rng.normal(size=(2, B, A)) * 2.0
    for b in range(B):
        while A > 1 and Qeval[b].argmax() == Qsel[b].argmax():
            Qeval[b] = rng.permutation(Qeval[b])
    return rng.normal(size=B), Qsel, Qeval


def by_entry(r, Qsel, Qeval, terminated, gamma) -> np.ndarray:
    """The double target, one transition at a time."""
    y = []
    for b in range(len(r)):
        ranked = sorted(range(Qsel.shape[1]), key=lambda a, b=b: Qsel[b, a])
        future = 0.0 if terminated[b] else gamma * float(Qeval[b, ranked[-1]])
        y.append(float(r[b]) + future)
    return np.array(y)


def wrong_targets(r, Qsel, Qeval, terminated, gamma) -> dict[str, np.ndarray]:
    """What typical mistakes give."""
    B, A = Qsel.shape
    live = gamma * (1.0 - terminated)
    on = np.zeros(B, dtype=bool)
    value = by_entry(np.zeros(B), Qsel, Qeval, on, 1.0)
    result = {
        "The roles are exchanged: the evaluating table selects, and the selecting one "
        "evaluates.": by_entry(r, Qeval, Qsel, terminated, gamma),
        "The evaluating table selects the action, too: this is its own maximum.": r
        + live * Qeval.max(axis=1),
        "The selecting table also evaluates: this is its own maximum.": r + live * Qsel.max(axis=1),
        "A terminated step keeps its future: the target still contains Q(s').": r + gamma * value,
        "`terminated` is used the wrong way round.": r + gamma * terminated * value,
        "A terminated step loses its reward, too.": (1.0 - terminated) * (r + gamma * value),
        "The discount is missing.": r + (1.0 - terminated) * value,
        "The discount is applied twice.": r + gamma * live * value,
        "The reward is missing.": live * value,
        "The reward is discounted, too.": gamma * r + live * value,
        "The smallest value selects, not the largest.": by_entry(
            r, -Qsel, Qeval, terminated, gamma
        ),
        "The action's index is used as its value.": r + live * Qsel.argmax(axis=1),
        "The evaluating table is averaged: nothing is selected.": r + live * Qeval.mean(axis=1),
        "Both tables are averaged before the maximum: nothing is separated.": r
        + live * ((Qsel + Qeval) / 2).max(axis=1),
        "The smaller of the two maxima is taken.": r
        + live * np.minimum(Qsel.max(axis=1), Qeval.max(axis=1)),
        "The smaller of the two tables' values is taken at the selected action: that is clipped "
        "double Q.": r + live * np.minimum(value, Qsel.max(axis=1)),
    }
    over_batch = Qsel.argmax(axis=0)
    if A == B:
        result["The maximum runs over the batch instead of over the actions."] = (
            r + live * Qeval[np.arange(B), over_batch]
        )
    return result


def expect_targets(answer, cases) -> None:
    """Compare double targets on several batches."""
    cases, evidence = list(cases), Evidence("the target vector")
    for case, value in zip(cases, answer.many(cases), strict=True):
        evidence.see(value, by_entry(*case), lambda case=case: wrong_targets(*case))
    evidence.conclude()


def target_cases(rng, n: int, share: float, *, gammas=(0.3, 0.95)) -> list[tuple]:
    """Random batches in which a share of the steps is terminated, and some are not."""
    cases = []
    for _ in range(n):
        B, A = int(rng.integers(5, 9)), int(rng.integers(3, 6))
        r, Qsel, Qeval = a_batch(rng, B, A)
        terminated = np.arange(B) < round(share * B)
        cases.append((r, Qsel, Qeval, rng.permutation(terminated), float(rng.uniform(*gammas))))
    return cases


@target.check(
    "one table selects, the other evaluates",
    points=3,
    hint="First an action for each row, from Qsel. Then the entry of Qeval at that action.",
)
def _roles(answer, rng):
    expect_targets(answer, target_cases(rng, 20, 0.0))


@target.check(
    "a terminated step keeps its reward and has no future",
    points=2,
    hint="What comes after the end is worth 0, whatever the tables say.",
)
def _terminated(answer, rng):
    expect_targets(answer, target_cases(rng, 20, 0.5))


@target.check(
    "any batch, any number of actions",
    points=1,
    hint="One target for each transition: the maximum runs over actions, not over the batch.",
)
def _sizes(answer, rng):
    cases = []
    for B, A in ((1, 3), (4, 4), (3, 3), (6, 1), (1, 1), (2, 5)):
        r, Qsel, Qeval = a_batch(rng, B, A)
        terminated = np.arange(B) == B - 1 if B > 1 else np.zeros(B, dtype=bool)
        cases.append((r, Qsel, Qeval, terminated, float(rng.uniform(0.3, 0.95))))
    expect_targets(answer, cases)


@target.check(
    "gamma counts, also when it is 0 or nearly 1",
    points=0.5,
    hint="The discount stands before the future only, once.",
)
def _gammas(answer, rng):
    cases = target_cases(rng, 6, 0.3, gammas=(0.985, 0.999))
    cases += [(*case[:4], 0.0) for case in target_cases(rng, 4, 0.3)]
    cases += [(*case[:4], gamma) for case in cases[:3] for gamma in (0.4, 0.7)]
    expect_targets(answer, cases)


@target.check(
    "ties may be broken in any way",
    points=1,
    hint="Among equally good actions any may be selected, but no other one.",
)
def _ties(answer, rng):
    for _ in range(12):
        B, A, gamma = 6, 4, float(rng.uniform(0.3, 0.95))
        r, Qsel, Qeval = a_batch(rng, B, A)
        low, high = np.zeros(B), np.zeros(B)
        for b in range(B):
            tied = rng.permutation(A)[:2]
            others = np.setdiff1d(np.arange(A), tied)
            Qsel[b, tied] = Qsel[b].max() + 1.0
            Qeval[b, others] = Qeval[b, tied].max() + rng.uniform(1, 2, len(others))
            low[b], high[b] = Qeval[b, tied].min(), Qeval[b, tied].max()
        given = array(
            answer(r, Qsel, Qeval, np.zeros(B, dtype=bool), gamma), (B,), what="the target vector"
        )
        future = (given - r) / gamma
        if ((future < low - 1e-6) | (future > high + 1e-6)).any():
            raise Failed(
                "Two actions are tied in the selecting table, and the target uses a third one.",
                "Any of the tied actions may be selected, no other.",
                expected=f"futures between {show(low)} and {show(high)}",
                given=show(future),
            )


@target.check(
    "the arguments stay as they are", points=0.5, hint="The caller still needs r and the tables."
)
def _target_unchanged(answer, rng):
    for case in target_cases(rng, 2, 0.4):
        expect_unchanged(answer.repeat(2, *case), by_entry(*case), "target vector")


def expect_unchanged(pair: list, want: np.ndarray, what: str) -> None:
    """Two calls with the same argument objects, both right."""
    close(pair[0], want, what=f"the {what}")
    if not matches(pair[1], want):
        raise Failed(
            "A second call with the same arguments gives another result.",
            "The function changes an array it was given.",
            expected=show(pair[0]),
            given=show(pair[1]),
        )


# --- 5 double_q_update -------------------------------------------------------------------------

update = Exercise("05_overestimation/double_q_update")


@dataclass(frozen=True)
class Step:
    """The arguments of one update."""

    QA: np.ndarray
    QB: np.ndarray
    s: int
    a: int
    r: float
    s2: int
    term: bool
    alpha: float
    gamma: float
    update_A: bool  # noqa: N815

    @property
    def args(self) -> tuple:
        """As the answer takes them."""
        return tuple(vars(self).values())

    def moved(self, which_A: bool, toward: float, alpha: float | None = None) -> np.ndarray:
        """Both tables, stacked, after the entry (s, a) of one has moved toward a number."""
        tables = np.stack([self.QA, self.QB])
        alpha = self.alpha if alpha is None else alpha
        old = tables[0 if which_A else 1, self.s, self.a]
        tables[0 if which_A else 1, self.s, self.a] = (1 - alpha) * old + alpha * toward
        return tables

    def goal(self, select: np.ndarray, evaluate: np.ndarray, term: bool | None = None) -> float:
        """The target r + gamma (1 - term) evaluate(s2, argmax select(s2, .))."""
        if self.term if term is None else term:
            return self.r
        best = max(range(select.shape[1]), key=lambda a: select[self.s2, a])
        return self.r + self.gamma * float(evaluate[self.s2, best])

    def right(self, roles: str = "standard") -> np.ndarray:
        """Both tables after the update, (2, S, A)."""
        own, other = (self.QA, self.QB) if self.update_A else (self.QB, self.QA)
        pair = (other, own) if roles == "seed" else (own, other)
        return self.moved(self.update_A, self.goal(*pair))

    def wrong(self, roles: str = "standard") -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        own, other = (self.QA, self.QB) if self.update_A else (self.QB, self.QA)
        pair = (other, own) if roles == "seed" else (own, other)
        goal, on = self.goal(*pair), self.update_A
        both = self.right(roles)
        swapped = (self.QB, self.QA) if self.update_A else (self.QA, self.QB)
        both[1 if on else 0] = self.moved(not on, self.goal(*swapped))[1 if on else 0]
        same = self.right(roles)
        same[1 if on else 0] = self.moved(not on, goal)[1 if on else 0]
        exchanged = (
            "The roles are exchanged: the own table selects, the other one evaluates. This is the "
            "lecture's order."
            if roles == "standard"
            else 'These are the standard roles: with roles = "seed" the other table selects and '
            "the own one evaluates."
        )
        return {
            exchanged: self.moved(on, self.goal(pair[1], pair[0])),
            "The own table selects and evaluates: this is plain Q-learning.": self.moved(
                on, self.goal(own, own)
            ),
            "The other table selects and evaluates.": self.moved(on, self.goal(other, other)),
            "Both tables are updated: in each step only one learns.": both,
            "Both tables move to the same target: in each step only one learns.": same,
            "The wrong table is updated: update_A says that QA learns.": self.moved(
                not on, self.goal(*swapped)
            ),
            "The other table is updated, with the target of the first.": self.moved(not on, goal),
            "A terminated step keeps its future: the target still contains Q(s').": self.moved(
                on, self.goal(*pair, term=False)
            ),
            "The next action is looked up in s instead of s2.": self.moved(
                on, Step(*self.args[:5], self.s, *self.args[6:]).goal(*pair)
            ),
            "The step size is missing: the entry jumps onto the target.": self.moved(on, goal, 1.0),
            "alpha and 1 - alpha are exchanged.": self.moved(on, goal, 1.0 - self.alpha),
            "The discount is missing.": self.moved(
                on, Step(*self.args[:8], 1.0, self.update_A).goal(*pair)
            ),
            "The old value is not subtracted: the entry grows by alpha times the target.": (
                self.moved(on, goal) + self.kept()
            ),
        }

    def kept(self) -> np.ndarray:
        """What is too much if the old value is not subtracted."""
        extra = np.zeros((2, *self.QA.shape))
        k = 0 if self.update_A else 1
        extra[k, self.s, self.a] = self.alpha * (self.QA, self.QB)[k][self.s, self.a]
        return extra


def a_step(rng: np.random.Generator, **given: Any) -> Step:
    """A random step; the two tables prefer different actions in every state."""
    S, A = int(rng.integers(3, 6)), int(rng.integers(2, 5))
    QA, QB = rng.normal(size=(2, S, A)) * 2.0
    for s in range(S):
        while QA[s].argmax() == QB[s].argmax():
            QB[s] = rng.permutation(QB[s])
    s, s2 = (int(x) for x in rng.permutation(S)[:2])
    fields = {
        "QA": QA,
        "QB": QB,
        "s": s,
        "a": int(rng.integers(A)),
        "r": float(rng.normal()),
        "s2": s2,
        "term": False,
        "alpha": float(rng.uniform(0.1, 0.4)),
        "gamma": float(rng.uniform(0.3, 0.95)),
        "update_A": bool(rng.random() < 0.5),
    }
    return Step(**(fields | {k: (v(s) if callable(v) else v) for k, v in given.items()}))


def expect_steps(answer, steps: list[Step], roles: str | None = None) -> None:
    """Compare both new tables."""
    evidence = Evidence("the new pair of tables")
    for step in steps:
        extra = {} if roles is None else {"roles": roles}
        tables = np.stack(tables_of(answer(*step.args, **extra), step.QA.shape))
        if matches(tables[::-1], step.right(roles or "standard")):
            raise Failed(
                "The two tables come back in the wrong order.", expected="the pair (QA, QB)"
            )
        kind = roles or "standard"
        evidence.see(tables, step.right(kind), lambda step=step, kind=kind: step.wrong(kind))
    evidence.conclude()


@update.check(
    "the own table selects, the other one evaluates",
    points=3,
    hint="The table that learns chooses the action in s2; its value comes from the other one.",
)
def _update_roles(answer, rng):
    expect_steps(answer, [a_step(rng) for _ in range(24)])


@update.check(
    "only the chosen table learns, and only one entry of it",
    points=1,
    hint="update_A decides which one; the other comes back as it was.",
)
def _only_one(answer, rng):
    for k in rng.permutation(16):
        step = a_step(rng, update_A=bool(k % 2))
        new = np.stack(tables_of(answer(*step.args), step.QA.shape))
        changed = np.argwhere(np.abs(new - np.stack([step.QA, step.QB])) > 1e-12)
        which = 0 if step.update_A else 1
        if len(changed) == 1 and changed[0].tolist() == [which, step.s, step.a]:
            continue
        if len({table for table, _, _ in changed.tolist()}) > 1:
            symptom, cause = "Both tables change.", "In each step only one of them learns."
        elif len(changed) == 0:
            symptom, cause = "No table changes.", "Are the new tables returned?"
        elif changed[0][0] != which:
            symptom = f"With update_A = {step.update_A} the wrong table learns."
            cause = "QA learns if update_A is True, else QB."
        else:
            symptom, cause = "More than the entry of (s, a) changes, or another one.", ""
        raise Failed(symptom, cause)


@update.check(
    "a terminated step has no future",
    points=1,
    hint="Its target is the reward alone.",
)
def _update_terminated(answer, rng):
    expect_steps(answer, [a_step(rng, term=bool(k % 3)) for k in rng.permutation(18)])


@update.check(
    "a state that follows itself, and steps of 0 and 1",
    points=1,
    hint="The target is computed from the tables as they were before the update.",
)
def _update_edges(answer, rng):
    steps = [a_step(rng, s2=lambda s: s) for _ in range(8)]
    steps += [a_step(rng, alpha=1.0, s2=lambda s: s) for _ in range(3)]
    steps += [a_step(rng, alpha=alpha) for alpha in (0.0, 1.0, 1.0)]
    expect_steps(answer, [steps[k] for k in rng.permutation(len(steps))])


@update.check(
    'roles="seed" exchanges the roles',
    points=1.5,
    hint="Then the other table selects, and the own one evaluates. The default stays as it is.",
)
def _update_seed(answer, rng):
    for _ in range(10):
        expect_steps(answer, [a_step(rng)], "seed")
        expect_steps(answer, [a_step(rng)], "standard")


@update.check(
    "the arguments stay as they are", points=0.5, hint="Copy the tables before you change them."
)
def _update_unchanged(answer, rng):
    for _ in range(3):
        step = a_step(rng)
        first, second = (
            np.stack(tables_of(value, step.QA.shape)) for value in answer.repeat(2, *step.args)
        )
        expect_unchanged([first, second], step.right(), "new tables")


# --- 6 left_rate -------------------------------------------------------------------------------

left = Exercise("05_overestimation/left_rate")

EPISODES, RUNS, OWN_RUNS = 60, 500, 5_000
WINDOWS = ((0, 2), (4, 14), (14, 34), (34, 60))


def paths(mode: str, rng: np.random.Generator, p: dict, runs: int = OWN_RUNS, **variant: Any):
    """Which runs go left in which episode, (EPISODES, runs) bool: our own simulation.

    All runs take every step in lockstep; a run that went right wastes its draws. `variant` turns
    single mistakes on.
    """
    m, alpha = p["n_actions"], p["alpha"]
    epsilon = 0.0 if variant.get("no_exploration") else p["epsilon"]
    sigma = p["sigma"] ** 2 if variant.get("squared") else p["sigma"]
    lanes = np.arange(runs)
    q_left = np.zeros((runs, 2))  # of both tables
    q_b = np.zeros((runs, 2, m))
    went = np.zeros((EPISODES, runs), dtype=bool)
    for t in range(EPISODES):
        lead = q_left[:, 0] if variant.get("acts_by_one") else q_left.sum(axis=1)
        toss = np.ones(runs) if variant.get("left_first") else rng.choice([-1.0, 1.0], runs)
        greedy = np.where(lead == 0, toss > 0, lead > 0)
        go = np.where(rng.random(runs) < epsilon, rng.random(runs) < 0.5, greedy)
        went[t] = go
        coins = np.zeros((2, runs), dtype=int) if mode == "q" else rng.integers(2, size=(2, runs))
        other = coins[0] if mode == "q" else 1 - coins[0]
        select, judge = (other, coins[0]) if mode == "seed" else (coins[0], other)
        if variant.get("same_table"):
            select = judge = coins[0]
        best = (q_b[lanes, select] + 1e-12 * rng.random((runs, m))).argmax(axis=1)
        step = alpha * (q_b[lanes, judge, best] - q_left[lanes, coins[0]])
        if variant.get("no_bootstrap"):
            step = -alpha * q_left[lanes, coins[0]]
        q_left[lanes, coins[0]] += np.where(go, step, 0.0)
        value = q_b.sum(axis=1) + 1e-12 * rng.random((runs, m))
        a = np.where(rng.random(runs) < epsilon, rng.integers(m, size=runs), value.argmax(axis=1))
        reward = p["mu"] + sigma * rng.standard_normal(runs)
        old = q_b[lanes, coins[1], a]
        q_b[lanes, coins[1], a] = old + np.where(go, alpha * (reward - old), 0.0)
    return went


def in_windows(curve: np.ndarray) -> np.ndarray:
    """Mean over each window of episodes; the first axis is time."""
    return np.array([curve[a:b].mean(axis=0) for a, b in WINDOWS])


def wrong_curves(mode: str, rng: np.random.Generator, p: dict) -> dict[str, np.ndarray]:
    """Curves that typical mistakes lead to."""

    def curve(kind: str, **variant: Any) -> np.ndarray:
        return paths(kind, rng, p, 1_000, **variant).mean(axis=1)

    right = curve(mode)
    other = "q" if mode != "q" else "double"
    same = "The maximum is selected and evaluated by the same table."
    return ({same: curve(mode, same_table=True)} if mode != "q" else {}) | {
        'As if mode "q" were asked for: double Q-learning has two tables.'
        if mode != "q"
        else "As if double Q-learning were asked for: with one table, the maximum is its "
        "own.": curve(other),
        "Ties go to the left: with all values 0 both actions are equally likely.": curve(
            mode, left_first=True
        ),
        "The agent does not explore: with probability epsilon the action is random.": curve(
            mode, no_exploration=True
        ),
        "Nothing of B reaches A: the target for left is the best value in B.": curve(
            mode, no_bootstrap=True
        ),
        "This is the share of runs that go right.": 1 - right,
        "This is the average over all episodes so far, not the share of one episode.": (
            np.cumsum(right) / np.arange(1, EPISODES + 1)
        ),
        "The parameters of the call are ignored: these are the curves of the default world.": (
            paths(mode, rng, PUBLISHED, 1_000).mean(axis=1)
        ),
        "The rewards in B have the standard deviation sigma squared.": curve(mode, squared=True),
    }


PUBLISHED = {"n_actions": 10, "mu": -0.1, "sigma": 1.0, "alpha": 0.1, "epsilon": 0.1}


def expect_windows(answer, rng, mode: str, p: dict) -> None:
    """Compare the student's curve with our own simulation, window by window.

    A run's share of left turns in a window is a number X in [0, 1]. The student's n runs are
    independent, and so are our N. D = sum over the student's runs of (X - E X) minus n / N times
    the same sum over ours has independent terms of size at most 1 and the variance
    n sigma^2 (1 + n / N), so `slack` bounds |D| but for 1e-7 (Bernstein). sigma is unknown; with
    the sample deviation s of our runs, sigma <= s + sqrt(2 log(1 / 1e-8) / (N - 1)) but for 1e-8
    (Maurer and Pontil 2009, theorem 10). A false alarm has probability 1.1e-7 a window.
    """
    curve = curve_of(answer(mode, EPISODES, RUNS, rng, **p), EPISODES)
    ours = in_windows(paths(mode, rng, p))  # (windows, runs)
    ceiling = ours.std(axis=1, ddof=1) + math.sqrt(2 * math.log(1e8) / (OWN_RUNS - 1))
    allowed = [slack(RUNS * s**2 * (1 + RUNS / OWN_RUNS)) / RUNS for s in ceiling]
    given, want = in_windows(curve), ours.mean(axis=1)
    excess = np.abs(given - want) / allowed
    if (excess <= 1).all():
        return
    k = int(excess.argmax())
    distance = {
        text: float(np.abs(in_windows(other) - given).max())
        for text, other in wrong_curves(mode, rng, p).items()
    }
    cause = min(distance, key=distance.get)
    a, b = WINDOWS[k]
    raise Failed(
        f'In mode "{mode}" the share of runs that go left in episodes {a + 1} to {b} is further '
        "off than chance explains.",
        cause if distance[cause] < 0.1 else "",
        expected=f"{want[k]:.3f} ± {allowed[k]:.2f} ({RUNS} runs, {describe(p)})",
        given=f"{given[k]:.3f}",
    )


def describe(p: dict) -> str:
    """Parameters as text."""
    return ", ".join(f"{name} = {value:.3g}" for name, value in p.items())


def a_world(rng: np.random.Generator, kind: str) -> dict:
    """Parameters of one regime. No curve fits two regimes, nor the curves of the default world."""
    ranges = {
        # Q-learning: a short hump; a long one
        "short": ((4, 6), (-0.1, -0.07), (0.38, 0.42), (0.3, 0.4), (0.1, 0.3)),
        "long": ((10, 14), (-0.05, 0.0), (1.0, 1.2), (0.05, 0.1), (0.1, 0.3)),
        # double: left is bad, and soon known to be; left is good
        "bad": ((3, 5), (-0.6, -0.4), (0.5, 1.0), (0.25, 0.4), (0.2, 0.3)),
        "good": ((4, 8), (0.9, 1.2), (1.4, 1.8), (0.15, 0.25), (0.1, 0.2)),
    }[kind]
    n_actions, *rest = ranges
    values = [int(rng.integers(n_actions[0], n_actions[1] + 1))]
    values += [float(rng.uniform(*ends)) for ends in rest]
    return dict(zip(PUBLISHED, values, strict=True))


@left.check(
    "Q-learning is drawn to the left",
    points=2.5,
    seconds=60,
    hint="Target of (A, left): the largest value in B, of the same table.",
)
def _left_q(answer, rng):
    for kind in rng.permutation(["short", "long"]):
        expect_windows(answer, rng, "q", a_world(rng, str(kind)))


@left.check(
    "double Q-learning is not fooled",
    points=2.5,
    seconds=60,
    hint="In every step a coin for each run: which table learns? The agent acts by the sum.",
)
def _left_double(answer, rng):
    for kind in rng.permutation(["bad", "good"]):
        expect_windows(answer, rng, "double", a_world(rng, str(kind)))


@left.check(
    "without noise everybody learns the truth, and keeps exploring",
    points=1,
    seconds=60,
    hint="In the end the share is epsilon / 2 if left is bad, and 1 - epsilon / 2 if it is good.",
)
def _left_quiet(answer, rng):
    for sign in rng.permutation([-1.0, 1.0]):
        p = {
            "n_actions": int(rng.integers(2, 4)),
            "mu": float(sign * rng.uniform(0.3, 0.6)),
            "sigma": 0.0,
            "alpha": float(rng.uniform(0.3, 0.6)),
            "epsilon": float(rng.uniform(0.3, 0.5)),
        }
        expect_windows(answer, rng, str(rng.choice(["q", "double"])), p)


@left.check(
    "the lecture's roles lead to the same shares",
    points=1,
    seconds=60,
    hint='In mode "seed" the other table selects and the own one evaluates.',
)
def _left_seed(answer, rng):
    for kind in rng.permutation(["bad", "good"]):
        expect_windows(answer, rng, "seed", a_world(rng, str(kind)))


@left.check(
    "all chance comes from rng",
    points=1,
    seconds=60,
    hint="The same generator in the same state gives the same curve; another one does not.",
)
def _left_rng(answer, rng):
    def curve(value: Any) -> list[float]:
        return curve_of(value, 12).tolist()

    expect_windows(answer, rng, "q", a_world(rng, "short"))
    expect_same_rng(
        lambda seed: curve(answer("double", 12, 40, np.random.default_rng(seed))),
        [curve(v) for v in answer.repeat(2, "double", 12, 40, np.random.default_rng(1))],
        rng,
        "curve",
    )


# --- 7 ensemble_target -------------------------------------------------------------------------

ensemble = Exercise("05_overestimation/ensemble_target")


@dataclass(frozen=True)
class Ensemble:
    """The arguments of one ensemble target."""

    r: np.ndarray
    Qs: np.ndarray
    term: np.ndarray
    gamma: float
    mode: str
    idx: list[int] | None = None

    @property
    def args(self) -> tuple:
        """As the answer takes them."""
        return self.r, self.Qs, self.term, self.gamma, self.mode

    def by_entry(self) -> np.ndarray:
        """One transition at a time: sort the critics' numbers of each action."""
        y = []
        for b in range(len(self.r)):
            columns = self.Qs[:, b].reshape(len(self.Qs), -1).T
            numbers = []
            for column in columns.tolist():
                taken = column if self.idx is None else [column[k] for k in self.idx]
                mean = math.fsum(taken) / len(taken)
                numbers.append(mean if self.mode == "mean" else sorted(taken)[0])
            future = 0.0 if self.term[b] else self.gamma * sorted(numbers)[-1]
            y.append(float(self.r[b]) + future)
        return np.array(y)

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        K, B = self.Qs.shape[:2]
        live = self.gamma * (1.0 - self.term)
        right = self.by_entry()
        kept = Ensemble(self.r, self.Qs, np.zeros(B, bool), self.gamma, self.mode, self.idx)
        value = (kept.by_entry() - self.r) / self.gamma if self.gamma else np.zeros(B)
        result = {
            "A terminated step keeps its future: the target still contains the critics.": (
                kept.by_entry()
            ),
            "`term` is used the wrong way round.": self.r + self.gamma * self.term * value,
            "A terminated step loses its reward, too.": (1.0 - self.term) * kept.by_entry(),
            "The discount is missing.": self.r + (1.0 - self.term) * value,
            "The reward is missing.": right - self.r,
        }
        if K == 1:
            return result
        chosen = self.Qs if self.idx is None else self.Qs[self.idx]
        reduce = np.mean if self.mode == "mean" else np.min
        deep = self.Qs.ndim == 3
        if deep:
            result |= {
                "The order is exchanged: every critic takes its own maximum first. Combine the "
                "critics action by action, then maximise.": self.r
                + live * reduce(chosen.max(axis=2), axis=0),
                "The smallest action value is taken: the critics are combined, then the *largest* "
                "action counts.": self.r + live * reduce(chosen, axis=0).min(axis=1),
                "The mean over the actions is taken instead of the maximum.": self.r
                + live * reduce(chosen, axis=0).mean(axis=1),
            }
            batchwise = reduce(chosen, axis=1).max(axis=1)
            if len(chosen) == B:
                result["The critics and the batch are confused: combine over the first axis."] = (
                    self.r + live * batchwise
                )
        else:
            result |= {
                "A maximum over the critics is taken: the action is chosen already, only the "
                "critics are combined.": self.r + live * chosen.max(axis=0),
                "A maximum over the batch is taken: every transition has its own target.": self.r
                + live * reduce(chosen, axis=0).max(),
                "The critics are combined over the batch.": self.r + live * reduce(chosen),
            }

        def collapse(table: np.ndarray) -> np.ndarray:
            return self.r + live * (table.max(axis=1) if deep else table)

        if self.mode == "min":
            result["This is the mean over the critics."] = collapse(self.Qs.mean(axis=0))
            result["Only the first critic is used."] = collapse(self.Qs[0])
            result["Only the first two critics are used."] = collapse(self.Qs[:2].min(axis=0))
            result["The largest of the critics is taken."] = collapse(self.Qs.max(axis=0))
        elif self.mode == "mean":
            result["This is the min over the critics."] = collapse(self.Qs.min(axis=0))
            result["The critics are summed, not averaged."] = collapse(self.Qs.sum(axis=0))
            result["This is the median of the critics."] = collapse(np.median(self.Qs, axis=0))
        else:
            M = len(self.idx)
            result["The indices are ignored: this is the min over all critics."] = collapse(
                self.Qs.min(axis=0)
            )
            result["The subset is averaged: its min is asked for."] = collapse(
                self.Qs[self.idx].mean(axis=0)
            )
            result["The first critics are used, as many as there are indices: the caller chose "
                   "which ones."] = collapse(self.Qs[:M].min(axis=0))  # fmt: skip
            result["Only the first index is used."] = collapse(self.Qs[self.idx[0]])
            if deep and max(self.idx) < self.Qs.shape[2]:
                result["The indices choose actions; they name critics."] = self.r + live * (
                    self.Qs[:, :, self.idx].min(axis=0).max(axis=1)
                )
        return result


def an_ensemble(rng, mode: str, *, deep: bool = True, share: float = 0.0, **sizes: int) -> Ensemble:
    """Random critics. In a subset the smallest critics of all are often left out."""
    K, B, A = sizes.get("K", int(rng.integers(4, 7))), sizes.get("B", int(rng.integers(5, 8))), 7
    Qs = rng.normal(size=(K, B, A) if deep else (K, B)) * 2.0 + 0.5
    idx = None
    if mode == "subset":
        idx = [int(k) for k in rng.permutation(np.arange(1, K))[:2]]
    term = rng.permutation(np.arange(B) < round(share * B))
    return Ensemble(rng.normal(size=B), Qs, term, float(rng.uniform(0.3, 0.95)), mode, idx)


def expect_ensembles(answer, cases: list[Ensemble]) -> None:
    """Compare ensemble targets."""
    evidence = Evidence("the target vector")
    for case in cases:
        extra = {} if case.idx is None else {"idx": case.idx}
        evidence.see(answer(*case.args, **extra), case.by_entry(), case.wrong)
    evidence.conclude()


@ensemble.check(
    "min: the smallest critic for each action, then the best action",
    points=2,
    hint="First over the critics, axis 0. Then over the actions, the last axis.",
)
def _min(answer, rng):
    expect_ensembles(answer, [an_ensemble(rng, "min") for _ in range(20)])


@ensemble.check(
    "mean: the average critic for each action, then the best action",
    points=1.5,
    hint="The max of the mean is not the mean of the max.",
)
def _mean(answer, rng):
    expect_ensembles(answer, [an_ensemble(rng, "mean") for _ in range(20)])


@ensemble.check(
    "subset: the min over the critics in idx",
    points=1.5,
    hint="Take the critics with these indices, and nothing else.",
)
def _subset(answer, rng):
    expect_ensembles(answer, [an_ensemble(rng, "subset") for _ in range(20)])


@ensemble.check(
    "(K, B): the action is chosen already",
    points=1.5,
    hint="Two axes: critics and batch. Combine the critics, and there is nothing to maximise.",
)
def _chosen(answer, rng):
    for mode in rng.permutation(["min", "mean", "subset"]):
        cases = [an_ensemble(rng, str(mode), deep=False) for _ in range(8)]
        expect_ensembles(answer, cases)


@ensemble.check(
    "a terminated step has no future",
    points=1,
    hint="(1 - term) stands before everything the critics say, and not before the reward.",
)
def _ensemble_terminated(answer, rng):
    for mode in rng.permutation(["min", "mean", "subset"]):
        cases = [an_ensemble(rng, str(mode), share=0.5) for _ in range(6)]
        cases += [an_ensemble(rng, str(mode), share=0.5, deep=False) for _ in range(2)]
        expect_ensembles(answer, cases)


@ensemble.check(
    "one critic, one transition, as many critics as transitions, an index twice",
    points=0.5,
    hint="No axis may disappear because its length is 1.",
)
def _ensemble_sizes(answer, rng):
    cases = []
    for mode in ("min", "mean"):
        for K, B in ((1, 5), (4, 1), (1, 1), (5, 5)):
            cases += [an_ensemble(rng, mode, K=K, B=B, deep=deep) for deep in (True, False)]
    for idx in ([2, 2], [1], [3, 1, 3]):
        case = an_ensemble(rng, "subset", K=5, B=5)
        cases.append(Ensemble(*case.args, idx=idx))
    expect_ensembles(answer, [cases[k] for k in rng.permutation(len(cases))])


# --- bonus: subset_min_bias --------------------------------------------------------------------

subset = Exercise("05_overestimation/subset_min_bias")


def largest_of(m: int) -> float:
    """E of the largest of m unit normal numbers: the integral of 1 - F^m above 0, of F^m below."""
    above, _ = quad(lambda x: 1 - float(ndtr(x)) ** m, 0, 12, epsabs=1e-10)
    below, _ = quad(lambda x: float(ndtr(x)) ** m, -12, 0, epsabs=1e-10)
    return above - below


def wrong_subsets(A: int, N: int, M: int) -> dict[str, float]:
    """What typical mistakes give."""
    cA, cM = largest_of(A), largest_of(M)
    return {
        "The number of critics is ignored: the mean of N errors is less noisy than one.": cA - cM,
        "The mean of N errors has the standard deviation 1 / sqrt(N), not 1 / N.": cA / N - cM,
        "The size of the subset is ignored.": cA / math.sqrt(N),
        "The min runs over all N critics: the subset has M.": cA / math.sqrt(N) - largest_of(N),
        "The min over the subset makes the target smaller, not larger.": cA / math.sqrt(N) + cM,
        "The choice is made by the mean of the subset: the actor looks at all N critics.": cA
        / math.sqrt(M)
        - cM,
        "The luck of the choice is missing: the action is selected with the same critics.": -cM,
        "Everything is divided by the square root of N.": (cA - cM) / math.sqrt(N),
    }


def expect_subsets(answer, cases) -> None:
    """Compare to 1e-3."""
    evidence = Evidence()
    for case in cases:
        A, N, M = (int(x) for x in case)
        want = largest_of(A) / math.sqrt(N) - largest_of(M)
        what = f"the bias for {A} actions, N = {N}, M = {M}"
        given = number(answer(A, N, M), what=what)
        if abs(given - want) <= 1e-3:
            given = want
        evidence.see(given, want, lambda A=A, N=N, M=M: wrong_subsets(A, N, M), what=what)
    evidence.conclude()


@subset.check(
    "choice by the mean of N, judgement by the min of M",
    points=3.5,
    hint="Mean and deviations are independent: two biases add up.",
)
def _subsets(answer, rng):
    cases = []
    for _ in range(16):
        N = int(rng.integers(3, 15))
        cases.append((rng.integers(2, 15), N, rng.integers(2, N)))
    expect_subsets(answer, cases)


@subset.check(
    "one action, one critic, all critics",
    points=1.5,
    hint="One action: nothing is chosen. M = 1: nothing is minimised.",
)
def _subset_limits(answer, rng):
    A, N, M = (int(x) for x in (rng.integers(2, 15), rng.integers(3, 15), rng.integers(2, 9)))
    expect_subsets(answer, [(A, 1, 1), (A, N, 1), (1, 1, 1), (1, M + 2, M), (A, M, M), (1, N, N)])
