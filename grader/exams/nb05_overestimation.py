"""Hidden checks of 05_overestimation.

Expected values come from distribution functions integrated on a grid, from the premises of a
theorem, from sums written out entry by entry, and, for the study of Example 6.7, from a simulation
of our own with the parameters of the call.

False alarms. These comparisons depend on chance; a right answer fails them with at most

- `max_bias_mc`: 9 means, 1e-7 each (`allowed_mean`); 4 standard errors, 7e-9 each
  (`expect_stderr`): 9.3e-7.
- `left_rate`: 48 windows, 1.1e-7 each, at most 12 in one check; 720 episodes in which the share is
  neither 0 nor 1, 1.5e-11 each (`expect_windows`); 2 pairs of curves that must differ, 1e-9 each
  (`_left_rng`): 5.3e-6.

That is below 1.4e-6 a check and 6.3e-6 in all. The other checks draw their instances at random and
compare up to rounding.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.integrate import quad
from scipy.special import ndtr

from grader.exams.evidence import Evidence
from grader.exams.tabular import FALSE_ALARM, slack
from qlib.checks import (
    AnswerError,
    Exercise,
    Failed,
    array,
    as_array,
    close,
    matches,
    number,
    show,
)
from qlib.checks.nb05_overestimation import curve_of, estimate_of, pair_of, tables_of

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


OVER_DRAWS = (
    "The maximum is taken over the draws: each draw has its own, over the actions, and the mean "
    "runs over the draws."
)


def wrong_biases(mu: np.ndarray, sigma: float, n: int) -> dict[str, float]:
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
        "This is the bias of two equal actions with this noise, whatever the true values.": sigma
        / math.sqrt(math.pi),
        OVER_DRAWS: float(mu.mean()) + sigma * largest_of(n) - best,  # at least
    }


def expect_biases(answer, rng, cases: list[tuple[np.ndarray, float]], n: int) -> None:
    """Compare the estimate on several instances; name a cause that explains all that are wrong."""
    first, causes = None, None
    for mu, sigma in cases:
        est, stderr = pair_of(answer(mu, sigma, n, rng), "est", "stderr")
        est = number(est, what="the estimate")
        want, allowed = Largest(mu, sigma).bias, allowed_mean(sigma, n)
        spread = max(allowed, allowed_mean(max(1.0, sigma**2), n))  # of what a mistake returns
        if abs(est - want) <= allowed:
            number(stderr, what="the standard error")
            continue
        fits = {
            text: None
            for text, value in wrong_biases(mu, sigma, n).items()
            if abs(est - value) <= spread
            or (text == OVER_DRAWS and value - sigma <= est <= 6 * sigma)
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
    for k, sigma in enumerate(rng.permutation([0.4, 0.4, 1.6, 1.6, 2.0, 2.0]).tolist()):
        m = int(rng.integers(3, 12))
        mu = rng.normal(size=m) * sigma + rng.choice([-8.0, 5.0])
        mu[:2] = mu.max() + np.array([0.0, -0.1 * sigma])  # the noise can change the winner
        cases.append((rng.permutation(mu) if k else np.full(m, mu[0]), sigma))
    expect_biases(answer, rng, cases, 20_000)


def expect_stderr(answer, rng, cases: list[tuple[np.ndarray, float, int]]) -> None:
    """The standard errors, one for each (mu, sigma, n), are within 10 % of the exact ones.

    A sample's standard deviation changes by at most sigma |z - z'| / sqrt(n - 1) when the unit
    normal numbers z behind it change. By the concentration of `allowed_mean` it is further than
    10 % of std from its expectation with probability at most 2 exp(-(n - 1) (0.1 std / sigma)^2
    / 2). The largest of up to 11 estimates has std >= 0.57 sigma, a single one has std = sigma: for
    n = 12,000 and n = 4,000 that is 7e-9.
    """
    first, causes = None, None
    for mu, sigma, n in cases:
        _, stderr = estimate_of(answer(mu, sigma, n, rng))
        std = Largest(mu, sigma).std
        want = std / math.sqrt(n)
        if abs(stderr - want) <= 0.1 * want:
            continue
        fits = {
            "The standard deviation is divided by n instead of the square root of n.": std / n,
            "This is the standard deviation of one draw; the mean of n varies less.": std,
            "This is the variance of one draw.": std**2,
            "This is the variance of the mean, not its square root.": std**2 / n,
            "The variance is divided by the square root of n, not the standard deviation.": std**2
            / math.sqrt(n),
            "This is the standard error of one error, not of the maximum.": sigma / math.sqrt(n),
            "The standard error is divided by the square root of the number of actions, too.": want
            / math.sqrt(len(mu)),
        }
        fits = {text: None for text, v in fits.items() if abs(stderr - v) <= 0.1 * v}
        if first is None:
            first, causes = (stderr, want), fits
        else:
            causes = {text: None for text in causes if text in fits}
    if first is not None:
        raise Failed(
            "The standard error is more than 10 % off.",
            next(iter(causes), ""),
            expected=f"{first[1]:.4g} ± 10 %",
            given=show(first[0]),
        )


@max_bias.check(
    "the standard error is that of the mean of n maxima",
    points=1.5,
    hint="The spread of the n maxima, divided by the square root of their number.",
)
def _bias_stderr(answer, rng):
    cases = []
    for n in rng.permutation([12_000, 16_000, 20_000]):
        mu, sigma = rng.normal(size=int(rng.integers(5, 12))), float(rng.uniform(1.5, 3.0))
        cases.append((mu, sigma, int(n)))
    expect_stderr(answer, rng, cases)
    _, stderr = pair_of(answer(rng.normal(size=3), 1.0, 2, rng), "est", "stderr")
    if not np.isfinite(as_array(stderr).astype(float)).all():
        raise Failed(
            "With n = 2 draws the standard error is NaN or infinite.",
            "The squares are averaged over n or over n - 1, which is not 0 for two draws.",
            expected="a number",
            given=show(stderr),
        )


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
    expect_stderr(answer, rng, [(one, sigma, 4_000)])


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
    values = answer.many((d,) for d in ds)
    for d in ds:
        what, want = f"the bias for d = {d:g}", exceeding(float(d))
        try:
            value = next(values)
        except AnswerError as error:
            if d == 0 and "ZeroDivision" in error.message:
                error.message += " The gap may be 0: nothing can be divided by it."
            raise
        found = as_array(value)
        if d > 5 and found.dtype.kind == "f" and not np.isfinite(found).all():
            raise Failed(
                f"{what[0].upper()}{what[1:]} is NaN or infinite.",
                "So far out the density and the tail of the distribution are 0 in floating point: "
                "is something divided by one of them, or does something overflow?",
                given=show(value),
            )
        given = number(value, what=what)
        if abs(given - want) <= 1e-4 * want + 1e-6:
            given = want

        evidence.see(given, want, lambda d=float(d): wrong_gaps(d), what=what)
    if evidence.first is not None and not evidence.causes:
        again = [number(value) for value in answer.repeat(2, ds[0])]
        if again[0] != again[1]:
            evidence.causes = {
                "Two calls with the same gap give different numbers: a simulation is not exact "
                "enough.": None
            }
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
        answer,
        rng.permutation([6.0, 10.0, *rng.uniform(12, 40, 3), 80.0, *rng.uniform(0.5, 2, 5)]),
    )


# --- 3 vh_errors and vh_check ------------------------------------------------------------------

errors = Exercise("05_overestimation/vh_errors")


def error_cases(rng: np.random.Generator) -> list[tuple[int, float]]:
    """Numbers of actions and mean squares, no mean square near 1."""
    values = np.concatenate([rng.uniform(0.05, 0.5, 10), rng.uniform(2, 30, 10)])
    return [(int(m), float(C)) for m, C in zip(rng.integers(3, 15, 20), values, strict=True)]


def expect_premises(m: int, C: float, given: Any) -> np.ndarray:
    """The errors sum to 0 and have the mean square C."""
    if matches(given, math.sqrt(C / (m - 1))):
        raise Failed(
            f"For m = {m} and C = {C:.4g} the result is the bound itself.",
            "The errors of all m actions are asked for, not only the largest of them.",
            expected=f"an array of shape ({m},)",
            given=show(given),
        )
    e = array(given, (m,), what="the error vector")
    size = math.sqrt(C * m)
    if not e.any():
        raise Failed(
            f"For m = {m} and C = {C:.4g} all errors are 0.",
            "C is the mean of their squares, and it is not 0.",
            expected="errors that cancel each other, and are not 0",
        )
    if abs(e.sum()) > 1e-6 * size:
        raise Failed(
            f"For m = {m} and C = {C:.4g} the errors do not cancel.",
            why_uncancelled(m, C, e),
            expected="sum 0",
            given=f"sum {e.sum():.4g}, errors {show(e)}",
        )
    mean_square = float((e**2).mean())
    if abs(mean_square - C) > 1e-6 * C:
        causes = {
            "C is a mean of squares: the errors themselves grow like its square root.": C**2,
            "C is the mean of the squares, not their sum.": C / m,
            "The largest error has C / (m - 1) under the root, not C / m.": C * (m - 1) / m,
        }
        raise Failed(
            f"For m = {m} and C = {C:.4g} the mean of the squared errors is not C.",
            next((t for t, v in causes.items() if abs(mean_square - v) <= 1e-5 * v), ""),
            expected=f"{C:.5g}",
            given=f"{mean_square:.5g}",
        )
    return e


def why_uncancelled(m: int, C: float, e: np.ndarray) -> str:
    """What is wrong with errors that do not cancel, if it can be told."""
    if (e > 0).all() or (e < 0).all():
        return "All errors have the same sign: they cannot cancel."
    if (e < 0).sum() != 1:
        return ""
    if matches(e[e > 0], np.full(m - 1, math.sqrt(C / (m - 1)))):
        return (
            "The positive errors are right; the negative one has to outweigh all of them together."
        )
    if matches(e.min(), -math.sqrt(C * (m - 1))):
        return "The negative error is right; the m - 1 positive ones have to outweigh it together."
    if matches(np.abs(e), np.full(m, abs(e[0]))):
        return (
            "The negative error is as large as each of the positive ones: it has to outweigh all "
            "of them together."
        )
    return ""


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
            given=f"{e.max():.5g} (number of positive errors: {positive})",
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


def opposed(rng: np.random.Generator, m: int) -> np.ndarray:
    """Two errors that cancel and nothing else: the largest one is sqrt(m C / 2), far too large.

    With m = 3 it attains the bound of those who take C for the sum of the squares.
    """
    return rng.permutation([1.0, -1.0, 0.0])


def halves(rng: np.random.Generator, m: int) -> np.ndarray:
    """As many positive errors as negative ones, all of one size: the largest is sqrt(C)."""
    return rng.permutation(np.resize([1.0, -1.0], 2 * (m // 2) if m > 3 else 4))


def whole(rng: np.random.Generator, m: int) -> np.ndarray:
    """As `tight`, with numbers that any way of computing keeps exact."""
    m = int(rng.choice([3, 5, 9]))
    return rng.permutation([1.0 - m, *[1.0] * (m - 1)]) * 2.0 ** rng.integers(-2, 3)


def rounded(rng: np.random.Generator, m: int) -> np.ndarray:
    """As `tight`, off by less than 1e-9 in the sum and in every error."""
    return tight(rng, m) + rng.uniform(-9e-10, 9e-10, m) / m


# kind of errors that are to be rejected -> (how they are made, symptom), in the order of reporting.
NOT_TIGHT: Mapping[str, tuple[Callable, str]] = {
    "uncancelled": (uncancelled, "Errors that do not cancel are accepted."),
    "random": (random_errors, "Errors with sum 0 above the bound are accepted."),
    "mirrored": (
        lambda rng, m: -tight(rng, m),
        "Errors with sum 0, a single one of them positive, are accepted.",
    ),
    "opposed": (opposed, "Errors with sum 0 above the bound are accepted."),
    "halves": (halves, "Errors with sum 0 above the bound are accepted."),
    "nearly": (nearly, "Errors that miss the bound by less than 5 % of their size are accepted."),
    "shifted": (shifted, "Errors that do not quite cancel are accepted."),
}
TIGHT = ("tight", "rounded", "whole")


def misread(e: np.ndarray) -> dict[str, bool]:
    """The verdicts that typical mistakes give."""
    e = e / np.abs(e).max()
    m, near = len(e), 1e-6
    cancel, C = abs(e.sum()) < near, float((e**2).mean())
    bound = math.sqrt(C / (m - 1))
    return {
        "The verdict is False, whatever the errors.": False,
        "The verdict is True, whatever the errors.": True,
        "Whether the errors cancel is not asked: C and the largest error do not tell.": abs(
            e.max() - bound
        )
        < near,
        "They satisfy the bound, as all errors with sum 0 do; asked is whether the largest one "
        "equals it.": cancel,
        "With more than two errors the verdict is always False: is the largest absolute error "
        "compared instead of the largest error, or is the root of C / (m - 1) missing?": cancel
        and abs(np.abs(e).max() - bound) < near,
        "C is not divided by m - 1.": cancel and abs(e.max() - math.sqrt(C)) < near,
        "The smallest absolute error is compared; the bound is about the largest error.": cancel
        and abs(np.abs(e).min() - bound) < near,
        "C is the mean of the squares, not their sum.": cancel
        and abs(e.max() - math.sqrt(m * C / (m - 1))) < near,
    }


def asked(answer, cases: list[tuple[str, np.ndarray]]) -> list[bool]:
    """The verdict on each case."""
    return [
        bool(number(value, kind="bool", what="the verdict"))
        for value in answer.many((e,) for _, e in cases)
    ]


def expect_verdicts(answer, rng, cases: list[tuple[str, np.ndarray]], scales=None) -> None:
    """Ask in random order, which no answer can foresee; report the first kind in the list above.

    Args:
        answer: the student's function.
        rng: for the order.
        cases: kinds and errors.
        scales: factors by which the errors are made very small or very large, one a case. If the
            verdicts are right without them, the tolerance is what is wrong.
    """
    order = rng.permutation(len(cases))
    plain = [cases[k] for k in order]
    cases = plain
    if scales is not None:
        cases = [(kind, scales[k] * e) for k, (kind, e) in zip(order, plain, strict=True)]
    verdicts = asked(answer, cases)
    right = [kind in TIGHT for kind, _ in cases]
    wrong: dict[str, np.ndarray] = {}
    for (kind, e), verdict, want in zip(cases, verdicts, right, strict=True):
        if verdict != want:
            wrong.setdefault(kind, e)
    if not wrong:
        return
    if scales is not None and asked(answer, plain) == right:
        cause = "These errors are very small or very large: the tolerance has to grow with them."
    else:
        cause = cause_of(cases, verdicts, set(wrong))
    for kind in TIGHT:
        if kind in wrong:
            raise Failed(
                "Errors that attain the bound are rejected."
                if kind != "rounded"
                else "Errors that attain the bound but for 1e-9 of their size are rejected.",
                cause,
                expected="True",
                given=f"False, for {show(wrong[kind])}",
            )
    kind = next(kind for kind in NOT_TIGHT if kind in wrong)
    raise Failed(
        NOT_TIGHT[kind][1], cause, expected="False", given=f"True, for {show(wrong[kind])}"
    )


def cause_of(cases: list[tuple[str, np.ndarray]], verdicts: list[bool], wrong: set[str]) -> str:
    """What explains all verdicts, and the wrong ones on these kinds; "" if nothing does."""
    readings = [misread(e) for _, e in cases]
    for text in readings[0]:
        if [reading[text] for reading in readings] == verdicts:
            return text
    if wrong <= {"tight", "rounded"}:
        return (
            "Rounding has to be forgiven: numbers are compared exactly, or with too small a "
            "tolerance."
        )
    if wrong <= {"nearly", "shifted"}:
        return "The tolerance is too wide."
    return ""


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
    for kind, (make, _) in NOT_TIGHT.items():  # at least two of each kind
        cases += [(kind, float(rng.uniform(0.5, 5.0)) * make(rng, int(rng.integers(3, 9))))] * 2
    cases += [("rounded", rounded(rng, int(rng.integers(2, 12)))) for _ in range(6)]
    cases += [("whole", whole(rng, 0)) for _ in range(6)]
    cases += [("whole", np.array([1.0, -1.0]) * 2.0**k) for k in rng.integers(-2, 3, 2)]
    expect_verdicts(answer, rng, cases)


@vh.check(
    "tiny and huge errors, and two actions",
    points=1,
    hint="A tolerance that fits errors of size 1 fits no others: compare relative to their size.",
)
def _scales(answer, rng):
    cases, scales = [], []
    for scale in 10.0 ** rng.permutation([-9, -8, -7, -6, 4, 5, 6, 6]):
        for _ in range(6):
            m, kind = int(rng.integers(3, 12)), str(rng.choice(["random", "nearly", "uncancelled"]))
            if rng.random() < 0.5:
                cases.append(("tight", tight(rng, m)))
            else:
                cases.append((kind, NOT_TIGHT[kind][0](rng, m)))
            scales.append(scale)
    expect_verdicts(answer, rng, cases, scales)
    x = rng.uniform(0.5, 3.0, 20)
    two = [("tight", np.array([v, -v])) for v in x[:10]]
    two += [("uncancelled", np.array([v, 0.5 * v])) for v in x[10:]]
    expect_verdicts(answer, rng, two)


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
        "The future is missing: this is the reward alone.": r,
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
    if A == B:
        result["The maximum runs over the batch instead of over the actions."] = (
            r + live * Qeval[np.arange(B), Qsel.argmax(axis=0)]
        )
    return result


def expect_targets(answer, cases, further=()) -> None:
    """Compare double targets on several batches.

    Args:
        answer: the student's function.
        cases: the arguments of each call.
        further: more of them. They are asked only after a failure, to tell its cause.
    """
    cases, evidence = list(cases), Evidence("the target vector")
    see_targets(answer, cases, evidence)
    if evidence.causes:
        with suppress(Failed, AnswerError):
            see_targets(answer, list(further), evidence)
    evidence.conclude()


def see_targets(answer, cases: list[tuple], evidence: Evidence) -> None:
    """Compare the targets of each call."""
    for case, value in zip(cases, answer.many(cases), strict=True):
        B = len(case[0])
        if B > 1 and np.shape(as_array(value)) == (B, B):
            raise Failed(
                "The result is a table, not a vector.",
                "It combines every transition with every other: of each row of the evaluating "
                "table only one entry is asked for, at the action selected in that row.",
                expected=f"shape ({B},)",
                given=f"shape ({B}, {B})",
                stops=True,
            )
        evidence.see(value, by_entry(*case), lambda case=case: wrong_targets(*case))


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
    square = []  # an answer that confuses the axes goes through these, and shows what it does
    for _ in range(4):
        B = int(rng.integers(3, 7))
        square.append((*a_batch(rng, B, B), np.zeros(B, dtype=bool), float(rng.uniform(0.3, 0.95))))
    ended = target_cases(rng, 4, 0.5)
    expect_targets(answer, square, ended)
    expect_targets(answer, target_cases(rng, 20, 0.0), ended)


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
            "The roles are exchanged: this is the lecture's order. The own table has to select, "
            "and the other one to evaluate."
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
            "The wrong table is updated: QA learns if update_A is True, else QB.": self.moved(
                not on, self.goal(*swapped)
            ),
            "Nothing has changed: the table that learns has to move at [s, a].": np.stack(
                [self.QA, self.QB]
            ),
            "The whole row of s moves: only the entry of the action that was taken learns.": (
                self.row_moved(goal)
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
            "The future is missing: the entry moves towards the reward alone.": self.moved(
                on, self.r
            ),
            "`term` is used the wrong way round.": self.moved(
                on, self.goal(*pair, term=not self.term)
            ),
            "The old value is not subtracted: the entry grows by alpha times the target.": (
                self.moved(on, goal) + self.kept()
            ),
        }

    def row_moved(self, toward: float) -> np.ndarray:
        """Both tables, stacked, after all actions of s have moved in the table that learns."""
        tables = np.stack([self.QA, self.QB])
        row = tables[0 if self.update_A else 1, self.s]
        row += self.alpha * (toward - row)
        return tables

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


def expect_steps(answer, steps: list[Step], roles: str | None = None, further=()) -> None:
    """Compare both new tables.

    Args:
        answer: the student's function.
        steps: the arguments of each call.
        roles: the last argument, if it is not to be left out.
        further: more steps. They are asked only after a failure, to tell its cause.
    """
    evidence = Evidence("the new pair of tables")
    see_steps(answer, steps, roles, evidence)
    if evidence.causes:
        with suppress(Failed, AnswerError):
            see_steps(answer, further, roles, evidence)
    evidence.conclude()


def see_steps(answer, steps: Iterable[Step], roles: str | None, evidence: Evidence) -> None:
    """Compare the tables of each call."""
    for step in steps:
        extra = {} if roles is None else {"roles": roles}
        tables = np.stack(tables_of(answer(*step.args, **extra), step.QA.shape))
        if matches(tables[::-1], step.right(roles or "standard")):
            raise Failed(
                "The two tables come back in the wrong order.", expected="the pair (QA, QB)"
            )
        kind = roles or "standard"
        evidence.see(tables, step.right(kind), lambda step=step, kind=kind: step.wrong(kind))


@update.check(
    "the own table selects, the other one evaluates",
    points=3,
    hint="The table that learns chooses the action in s2; its value comes from the other one.",
)
def _update_roles(answer, rng):
    further = [a_step(rng, term=bool(k % 2)) for k in range(4)]
    expect_steps(answer, [a_step(rng) for _ in range(24)], further=further)


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
    for which in rng.permutation([True, True, False, False]):
        step = a_step(rng, update_A=bool(which))
        first, second = (
            np.stack(tables_of(value, step.QA.shape)) for value in answer.repeat(2, *step.args)
        )
        expect_unchanged([first, second], step.right(), "new tables")


# --- 6 left_rate -------------------------------------------------------------------------------

left = Exercise("05_overestimation/left_rate")

EPISODES, RUNS, OWN_RUNS = 60, 500, 5_000
WINDOWS = ((0, 2), (4, 14), (14, 34), (34, 60))


def paths(
    mode: str,
    rng: np.random.Generator,
    p: dict,
    runs: int = OWN_RUNS,
    episodes: int = EPISODES,
    **variant: Any,
) -> np.ndarray:
    """Which runs go left in which episode, (episodes, runs) bool: our own simulation.

    All runs take every step in lockstep; a run that went right wastes its draws. `variant` turns
    single mistakes on.
    """
    m, alpha = p["n_actions"], p["alpha"]
    epsilon = 0.0 if variant.get("no_exploration") else p["epsilon"]
    sigma = p["sigma"] ** 2 if variant.get("squared") else p["sigma"]
    lanes = np.arange(runs)
    q_left = np.zeros((runs, 2))  # of both tables
    q_b = np.zeros((runs, 2, m))
    went = np.zeros((episodes, runs), dtype=bool)
    for t in range(episodes):
        lead = q_left[:, 0] if variant.get("acts_by_one") else q_left.sum(axis=1)
        toss = np.ones(runs) if variant.get("left_first") else rng.choice([-1.0, 1.0], runs)
        greedy = np.where(lead == 0, toss > 0, lead > 0)
        random = rng.random(runs) < (0.0 if variant.get("greedy_in_a") else epsilon)
        go = np.where(random, rng.random(runs) < 0.5, greedy)
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


@dataclass(frozen=True)
class Likely:
    """The share of left turns in each window that a mistake leads to, (windows,).

    Attributes:
        mean: as far as we have simulated it.
        noise: standard deviation of the student's share minus our mean.
    """

    mean: np.ndarray
    noise: np.ndarray

    @classmethod
    def of(cls, shares: np.ndarray, of_student: int) -> "Likely":
        """From independent pieces of ours, (windows, n), of which the student's have so many."""
        spread = shares.std(axis=1) * math.sqrt(1 / of_student + 1 / shares.shape[1])
        return cls(shares.mean(axis=1), spread + 0.004)


def wrong_curves(mode: str, rng: np.random.Generator, p: dict) -> dict[str, Likely]:
    """What typical mistakes lead to."""

    def shares(kind: str, world: dict = p, **variant: Any) -> Likely:
        return Likely.of(in_windows(paths(kind, rng, world, 1_000, **variant)), RUNS)

    right = paths(mode, rng, p, 1_000)
    so_far = np.cumsum(right, axis=0) / np.arange(1, EPISODES + 1)[:, None]
    other = "q" if mode != "q" else "double"
    same = "The maximum is selected and evaluated by the same table."
    handed_on = paths(mode, rng, p, 40, 50 * EPISODES).reshape(50, EPISODES, 40).mean(axis=0)
    return ({same: shares(mode, same_table=True)} if mode != "q" else {}) | {
        'As if mode "q" were asked for: double Q-learning has two tables.'
        if mode != "q"
        else "As if double Q-learning were asked for: with one table, the maximum is its "
        "own.": shares(other),
        "Ties go to the left: with all values 0 both actions are equally likely.": shares(
            mode, left_first=True
        ),
        "The agent does not explore: with probability epsilon the action is random.": shares(
            mode, no_exploration=True
        ),
        "The agent does not explore in A: with probability epsilon the action is random.": shares(
            mode, greedy_in_a=True
        ),
        "Left looks worth 0 for ever, as if nothing of B reached A: is the target for left the "
        "best value in B, and does B learn?": shares(mode, no_bootstrap=True),
        "This is the share of runs that go right.": Likely.of(1 - in_windows(right), RUNS),
        "This is the average over all episodes so far, not the share of one episode.": Likely.of(
            in_windows(so_far), RUNS
        ),
        "The parameters of the call are ignored: these are the curves of the default world.": (
            shares(mode, PUBLISHED)
        ),
        "The rewards in B have the standard deviation sigma squared.": shares(mode, squared=True),
        "The agent acts by one table alone, not by the sum of both.": shares(
            mode, acts_by_one=True
        ),
        "A run begins with the values that the run before it has learned: every agent starts "
        "from 0.": Likely.of(in_windows(handed_on), RUNS // 50),
    }


PUBLISHED = {"n_actions": 10, "mu": -0.1, "sigma": 1.0, "alpha": 0.1, "epsilon": 0.1}
ALONE = "The share is 0 or 1 in every episode: is there only one agent? Average over all runs."
EMPTY = "All shares are 0: is the result ever filled, and does anybody go left?"


def expect_windows(answer, rng, worlds: list[tuple[str, dict]]) -> None:
    """Compare the student's curves with our own simulation, window by window.

    A run's share of left turns in a window is a number X in [0, 1]. The student's n runs are
    independent, and so are our N. D = sum over the student's runs of (X - E X) minus n / N times
    the same sum over ours has independent terms of size at most 1 and the variance
    n sigma^2 (1 + n / N), so `slack` bounds |D| but for 1e-7 (Bernstein). sigma is unknown; with
    the sample deviation s of our runs, sigma <= s + sqrt(2 log(1 / 1e-8) / (N - 1)) but for 1e-8
    (Maurer and Pontil 2009, theorem 10). A false alarm has probability 1.1e-7 a window.
    With epsilon >= 0.1 every run goes left with probability 0.05 or more, and right, too, in every
    episode: a share of exactly 0 or 1 among 500 has probability 2 * 0.95^500 = 1.5e-11.

    A cause is named only if its curves are near the student's in every world.

    Args:
        answer: the student's function.
        rng: for its chance and ours.
        worlds: a mode and the parameters of each call.
    """
    first, seen = None, []
    for mode, p in worlds:
        curve = curve_of(answer(mode, EPISODES, RUNS, rng, **p), EPISODES)
        ours = in_windows(paths(mode, rng, p))  # (windows, runs)
        ceiling = ours.std(axis=1, ddof=1) + math.sqrt(2 * math.log(1e8) / (OWN_RUNS - 1))
        allowed = [slack(RUNS * s**2 * (1 + RUNS / OWN_RUNS)) / RUNS for s in ceiling]
        given, want = in_windows(curve), ours.mean(axis=1)
        seen.append((mode, p, curve))
        excess = np.abs(given - want) / allowed
        if (excess > 1).any() and first is None:
            k = int(excess.argmax())
            a, b = WINDOWS[k]
            first = Failed(
                f'In mode "{mode}" the share of runs that go left in episodes {a + 1} to {b} is '
                "further off than chance explains.",
                expected=f"{want[k]:.3f} ± {allowed[k]:.2f} ({RUNS} runs, {describe(p)})",
                given=f"{given[k]:.3f}",
            )
    if first is not None:
        first.cause = cause_of_curves(rng, seen)
        raise first
    for mode, p, curve in seen:
        if (curve == 0).any() or (curve == 1).any():
            share = 0 if (curve == 0).any() else 1
            raise Failed(
                f'In mode "{mode}" the share is exactly {share} in episode '
                f"{int((curve == share).argmax()) + 1} of {EPISODES}.",
                "Has this episode been played? Some runs explore in every episode, and each "
                "episode has its own entry.",
                expected=f"some of {RUNS} runs go left, some right ({describe(p)})",
                given=show(curve),
            )


def cause_of_curves(rng: np.random.Generator, seen: list[tuple[str, dict, np.ndarray]]) -> str:
    """The mistake whose curves are nearest to all that were seen; "" if none is near."""
    if not any(curve.any() for _, _, curve in seen):
        return EMPTY
    if all(np.isin(curve, [0.0, 1.0]).all() and np.ptp(curve) > 0 for _, _, curve in seen):
        return ALONE
    distances: dict[str, list[float]] = {}
    for mode, p, curve in seen:
        given = in_windows(curve)
        for text, likely in wrong_curves(mode, rng, p).items():
            off = np.abs(likely.mean - given) / likely.noise
            distances.setdefault(text, []).append(float(off.max()))
    fits = {text: max(d) for text, d in distances.items() if len(d) == len(seen) and max(d) < 5}
    return min(fits, key=fits.get) if fits else ""


def describe(p: dict) -> str:
    """Parameters as text."""
    return ", ".join(f"{name} = {value:.3g}" for name, value in p.items())


def a_world(rng: np.random.Generator, kind: str) -> dict:
    """Parameters of one regime. No curve fits two regimes, nor the curves of the default world."""
    ranges = {
        # Q-learning: a short hump; a long one; left is good, but the last reward weighs so much
        # that it is given up, unless the values in B keep nothing but that reward
        "short": ((4, 6), (-0.1, -0.07), (0.38, 0.42), (0.3, 0.4), (0.1, 0.3)),
        "long": ((10, 14), (-0.05, 0.0), (1.0, 1.2), (0.05, 0.1), (0.1, 0.3)),
        "given up": ((5, 6), (0.45, 0.5), (1.4, 1.5), (0.58, 0.62), (0.1, 0.12)),
        # double: left is bad, and soon known to be; left is good, but the steps are so long that
        # unlucky runs leave it, and they come back only if errors shrink; left is good, and who
        # averages finds out
        "bad": ((3, 5), (-0.6, -0.4), (0.5, 1.0), (0.25, 0.4), (0.2, 0.3)),
        "good": ((4, 6), (0.5, 0.6), (0.65, 0.75), (0.55, 0.6), (0.1, 0.12)),
        "found out": ((6, 7), (0.45, 0.55), (0.65, 0.75), (0.27, 0.3), (0.1, 0.12)),
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
    kinds = rng.permutation(["short", "long", "given up"])
    expect_windows(answer, rng, [("q", a_world(rng, str(kind))) for kind in kinds])


@left.check(
    "double Q-learning is not fooled",
    points=2.5,
    seconds=60,
    hint="In every step a coin for each run: which table learns? The agent acts by the sum.",
)
def _left_double(answer, rng):
    kinds = rng.permutation(["bad", "good", "found out"])
    expect_windows(answer, rng, [("double", a_world(rng, str(kind))) for kind in kinds])


@left.check(
    "without noise everybody learns the truth, and keeps exploring",
    points=1,
    seconds=60,
    hint="In the end the share is epsilon / 2 if left is bad, and 1 - epsilon / 2 if it is good.",
)
def _left_quiet(answer, rng):
    # Mode "q" has many actions: where all errors grow, an action that was tried looks bad if it is
    # good, and every other one has to be tried before left looks as it should.
    worlds = []
    modes = rng.permutation(["q", "double"])
    for mode, sign in zip(modes.tolist(), rng.permutation([-1.0, 1.0]), strict=True):
        p = {
            "n_actions": int(rng.integers(5, 8) if mode == "q" else rng.integers(2, 4)),
            "mu": float(sign * rng.uniform(0.3, 0.6)),
            "sigma": 0.0,
            "alpha": float(rng.uniform(0.3, 0.6)),
            "epsilon": float(rng.uniform(0.3, 0.5)),
        }
        worlds.append((mode, p))
    expect_windows(answer, rng, worlds)


@left.check(
    "the lecture's roles lead to the same shares",
    points=1,
    seconds=60,
    hint='In mode "seed" the other table selects and the own one evaluates.',
)
def _left_seed(answer, rng):
    kinds = rng.permutation(["bad", "good", "found out"])
    expect_windows(answer, rng, [("seed", a_world(rng, str(kind))) for kind in kinds])


@left.check(
    "all chance comes from rng",
    points=1,
    seconds=60,
    hint="The same generator in the same state gives the same curve; another one does not.",
)
def _left_rng(answer, rng):
    def curve(value: Any) -> list[float]:
        return curve_of(value, 20).tolist()

    # Two curves of 20 episodes: in each, given the past, the number of 40 runs that go left has
    # variance 1.9 or more, so no value of it is likelier than 0.47 / sqrt(1.9) = 0.34 (Baillon,
    # Cominetti and Vaisman 2016); 0.34^20 < 1e-9.
    expect_windows(answer, rng, [("q", a_world(rng, "short"))])
    expect_same_rng(
        lambda seed: curve(answer("double", 20, 40, np.random.default_rng(seed))),
        [curve(v) for v in answer.repeat(2, "double", 20, 40, np.random.default_rng(1))],
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
            "The future is missing: this is the reward alone.": self.r,
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


def expect_ensembles(answer, cases: list[Ensemble], further=()) -> None:
    """Compare ensemble targets.

    Args:
        answer: the student's function.
        cases: the arguments of each call.
        further: more of them. They are asked only after a failure, to tell its cause.
    """
    evidence = Evidence("the target vector")
    see_ensembles(answer, cases, evidence)
    if evidence.causes:
        with suppress(Failed, AnswerError):
            see_ensembles(answer, further, evidence)
    evidence.conclude()


def see_ensembles(answer, cases: Iterable[Ensemble], evidence: Evidence) -> None:
    """Compare the targets of each call."""
    for case in cases:
        extra = {} if case.idx is None else {"idx": case.idx}
        try:
            value = answer(*case.args, **extra)
        except AnswerError as error:
            if case.Qs.ndim == 2 and error.kind == "raised" and understands_actions(answer, case):
                error.message += (
                    " The critics have the shape (K, B) here, and no axis of actions: the action "
                    "is chosen already."
                )
            raise
        expect_vector(case, value)
        evidence.see(value, case.by_entry(), case.wrong)


def understands_actions(answer, case: Ensemble) -> bool:
    """Whether the answer gets on with the same critics if each has an axis of two actions."""
    deep = replace(case, Qs=np.stack([case.Qs] * 2, axis=2))
    try:
        value = answer(*deep.args, **({} if case.idx is None else {"idx": case.idx}))
    except AnswerError:
        return False
    return matches(value, case.by_entry())


def expect_vector(case: Ensemble, value: Any) -> None:
    """Name the two shapes that are wrong for a known reason."""
    (B, *A), found = case.Qs.shape[1:], np.shape(as_array(value))
    if A and found == (B, *A):
        raise Failed(
            "The result has a number for every action.",
            "The maximum over the actions is missing.",
            expected=f"shape ({B},)",
            given=f"shape {found}",
            stops=True,
        )
    if B == 1 and found in ((), (*A,)):
        raise Failed(
            f"With a single transition the result has the shape {found}.",
            "The axis of the batch has disappeared because its length is 1.",
            expected="shape (1,)",
            given=f"shape {found}",
            stops=True,
        )


@ensemble.check(
    "min: the smallest critic for each action, then the best action",
    points=2,
    hint="First over the critics, axis 0. Then over the actions, the last axis.",
)
def _min(answer, rng):
    square = an_ensemble(rng, "min", B=7)  # as many transitions as actions: nothing stops early
    ended = [an_ensemble(rng, "min", share=0.5) for _ in range(4)]
    expect_ensembles(answer, [square, *(an_ensemble(rng, "min") for _ in range(20))], ended)


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
