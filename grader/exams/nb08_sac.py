"""Hidden checks of 08_sac.

Those of the tables stand in `nb08_soft`, those of the two updates in `nb08_agent`. Expected values
come from NumPy in float64, written another way than an answer: log cosh instead of a softplus, an
integral of the density, derivatives by hand. What a probe reports (gradients, parameters after a
step) is computed here again from the same fresh numbers.

False alarms of the notebook: 2 * 9.6e-8 < 2e-7, all from the two learning checks of `sac_update`
(`benchmarks/calibration_08.md`). Everything else is compared on random instances with tolerances
that lie far above rounding; the smaller of two critics, where a gradient hangs on it, is the same
for the answer and for the oracle, since both compare the same float64 numbers, or it is drawn again
(`nb08_agent`).
"""

import math
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from grader.exams import nb08_agent, nb08_soft
from grader.exams.evidence import Evidence
from grader.exams.nb08_soft import snapped
from qlib.checks import AnswerError, Exercise, Failed, array, matches, number
from qlib.checks.nb08_sac import pair_of, sample_of

LOG_2PI = math.log(2 * math.pi)


def t(x: Any, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """A tensor, as the course's functions take them."""
    return torch.as_tensor(np.asarray(x), dtype=dtype)


lecture = nb08_agent.lecture_update  # exercise 1

# --- 2 sample_tanh_gaussian --------------------------------------------------------------------

sample = Exercise("08_sac/sample_tanh_gaussian")


def log_slope(u: np.ndarray) -> np.ndarray:
    """log(d tanh / du) = -2 log cosh u, without overflow."""
    return -2 * (np.abs(u) + np.log1p(np.exp(-2 * np.abs(u))) - math.log(2))


@dataclass(frozen=True)
class Squashed:
    """Samples of a tanh-Gaussian; all arrays (B, d)."""

    mu: np.ndarray
    log_std: np.ndarray
    noise: np.ndarray

    @property
    def std(self) -> np.ndarray:
        """Standard deviation of u."""
        return np.exp(self.log_std)

    @property
    def u(self) -> np.ndarray:
        """The Gaussian sample."""
        return self.mu + self.std * self.noise

    @property
    def gaussian(self) -> np.ndarray:
        """The log density of u, entry by entry, (B, d)."""
        return -0.5 * self.noise**2 - self.log_std - 0.5 * LOG_2PI

    @property
    def logp(self) -> np.ndarray:
        """The log density of a, (B,)."""
        return (self.gaussian - log_slope(self.u)).sum(axis=1)

    @property
    def args(self) -> tuple[torch.Tensor, ...]:
        """As the answer takes them."""
        return t(self.mu), t(self.log_std), t(self.noise)

    def wrong_actions(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        mu, noise = self.mu, self.noise
        return {
            "tanh is missing: this is the Gaussian sample u.": self.u,
            "log_std is used as the standard deviation: take its exponential.": np.tanh(
                mu + self.log_std * noise
            ),
            "exp(log_std) is used as a variance: it is the standard deviation.": np.tanh(
                mu + np.exp(self.log_std / 2) * noise
            ),
            "The noise is multiplied by the variance.": np.tanh(mu + self.std**2 * noise),
            "The noise is ignored: this is the most probable push, not a sample.": np.tanh(mu),
            "The noise is squashed, not the sum: tanh comes last.": mu + self.std * np.tanh(noise),
            "The mean is squashed before the noise is added.": np.tanh(mu) + self.std * noise,
            "The action is clipped, not squashed.": np.clip(self.u, -1, 1),
        }

    def wrong_logp(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        slope, n = log_slope(self.u), self.gaussian
        a = np.tanh(self.u)
        d = self.mu.shape[1]
        return {
            "The correction for tanh is missing: this is the density of u, not of a.": n.sum(1),
            "The correction has the wrong sign: the density grows where tanh squeezes.": (
                n + slope
            ).sum(1),
            "The density of u is evaluated at the action: it belongs to u, before tanh.": (
                -0.5 * ((a - self.mu) / self.std) ** 2 - self.log_std - 0.5 * LOG_2PI - slope
            ).sum(1),
            "The log densities are averaged over the entries of the action: they add up.": (
                n - slope
            ).mean(1),
            "The correction is taken for one entry of the action only.": n.sum(1) - slope[:, 0],
            "The correction is averaged over the entries of the action.": n.sum(1) - slope.mean(1),
            "Only the first entry of the action counts.": (n - slope)[:, 0],
            "The normalising constant -log(2 pi) / 2 is missing.": self.logp + d * LOG_2PI / 2,
            "The normalising constant is counted once, not for each entry.": self.logp
            + (d - 1) * LOG_2PI / 2,
            "-log_std is missing: a wide Gaussian is low.": self.logp + self.log_std.sum(1),
            "+log_std should be -log_std.": self.logp + 2 * self.log_std.sum(1),
            "The quadratic term is missing.": self.logp + 0.5 * (self.noise**2).sum(1),
            "The factor 1/2 before the quadratic term is missing.": self.logp
            - 0.5 * (self.noise**2).sum(1),
            "The correction uses 1 - a instead of 1 - a squared.": (n - np.log(1 - a)).sum(1),
            "The correction is halved.": (n - slope / 2).sum(1),
            "This is the density, not its logarithm.": np.exp(self.logp),
            "The sign is turned around: this is -log pi.": -self.logp,
        }


def squashed(rng: np.random.Generator, B: int, d: int, largest: float = 2.0) -> Squashed:
    """Random samples with |u| <= largest: there 1 - a^2 is not small."""
    log_std = rng.uniform(-2.5, 0.4, (B, d))
    u = rng.uniform(-largest, largest, (B, d))
    mu = u + rng.uniform(-1.5, 1.5, (B, d)) * np.exp(log_std)
    return Squashed(mu, log_std, (u - mu) / np.exp(log_std))


@sample.check(
    "the action is tanh(mu + std noise)",
    points=2,
    hint="First the Gaussian sample u, then tanh. The noise is handed in.",
)
def _action(answer, rng):
    evidence, right = Evidence("the action"), 0
    for _ in range(20):
        case = squashed(rng, int(rng.integers(1, 6)), int(rng.integers(1, 4)))
        a, _logp = sample_of(answer(*case.args), case.mu.shape)
        want = np.tanh(case.u)
        given = snapped(a, want, 2e-6, "the action")
        right += given is want
        evidence.see(given, want, case.wrong_actions)
    if not right and not evidence.causes:
        with suppress(AnswerError, Failed):
            again, _logp = sample_of(answer(*case.args), case.mu.shape)
            if not matches(again, a):
                evidence.causes = {
                    "The same noise gives another action: the noise is handed in, draw none "
                    "yourself.": None
                }
    evidence.conclude()


def integral(answer, mu: float, log_std: float) -> float:
    """The integral of the answer's density over (-1, 1), by Gauss-Legendre in a = tanh(v)."""
    nodes, weights = np.polynomial.legendre.leggauss(400)
    v, weights = 7.0 * nodes, 7.0 * weights
    noise = (v - mu) / math.exp(log_std)
    column = np.full((len(v), 1), mu)
    result = answer(t(column), t(np.full((len(v), 1), log_std)), t(noise[:, None]))
    logp = sample_of(result, (len(v), 1))[1]
    with np.errstate(over="ignore", invalid="ignore"):
        return float(weights @ np.exp(logp + log_slope(v)))


def wrong_integrals(mu: float, log_std: float) -> dict[str, float]:
    """Cause -> what `integral` gives for it."""
    v = np.linspace(-7, 7, 14001)
    sigma, slope, step = math.exp(log_std), np.exp(log_slope(v)), v[1] - v[0]

    def normal(x: np.ndarray) -> np.ndarray:
        return np.exp(-0.5 * ((x - mu) / sigma) ** 2 - log_std - LOG_2PI / 2)

    return {
        "The correction for tanh is missing: this is the density of u, not of a.": float(
            (normal(v) * slope).sum() * step
        ),
        "The correction for tanh has the wrong sign.": float((normal(v) * slope**2).sum() * step),
        "The constant -log(2 pi) / 2 is missing.": math.exp(LOG_2PI / 2),
        "-log sigma is missing: a wide Gaussian is low.": sigma,
        "The Gaussian is evaluated at the action: its argument is u.": float(
            normal(np.tanh(v)).sum() * step
        ),
    }


@sample.check(
    "the density on (-1, 1) integrates to 1",
    points=2,
    hint="tanh squeezes: where many u fall on few a, the density of a is higher. By which factor?",
)
def _density(answer, rng):
    for _ in range(6):
        mu, log_std = float(rng.uniform(-0.6, 0.6)), float(rng.uniform(-0.8, 0.1))
        total = integral(answer, mu, log_std)
        if abs(total - 1) <= 1e-3:
            continue
        causes = wrong_integrals(mu, log_std).items()
        cause = next((cause for cause, value in causes if abs(total - value) <= 2e-3), "")
        raise Failed(
            f"With mu = {mu:.2f} and log_std = {log_std:.2f} exp(log pi) is no density on (-1, 1).",
            cause,
            expected="integral 1",
            given=f"integral {total:.3f}",
        )
    evidence = Evidence("log pi")
    for _ in range(20):
        see_logp(evidence, answer, squashed(rng, int(rng.integers(2, 6)), 1))
    evidence.conclude()


def see_logp(evidence: Evidence, answer, case: Squashed) -> None:
    """Compare log pi, to 1e-4: a small constant inside a logarithm is forgiven here."""
    _a, logp = sample_of(answer(*case.args), case.mu.shape)
    evidence.see(snapped(logp, case.logp, 1e-4, "log pi"), case.logp, case.wrong_logp)


@sample.check(
    "the entries of an action add their log densities",
    points=1.5,
    hint="Independent entries: densities multiply. The result has one number a row.",
)
def _dimensions(answer, rng):
    evidence = Evidence("log pi")
    for d in (2, 3, 5, 2, 4, 3):
        for B in (1, d, int(rng.integers(3, 9))):
            see_logp(evidence, answer, squashed(rng, B, d))
    evidence.conclude()


@sample.check(
    "log pi is finite and right far out, in float32",
    points=2,
    hint="tanh(10) is exactly 1 in float32. Write the logarithm with softplus, not with tanh.",
)
def _far_out(answer, rng):
    for _ in range(4):
        u = rng.uniform(8, 30, (8, 1)) * rng.choice([-1, 1], (8, 1))
        log_std = rng.uniform(-1.5, 0.5, (8, 1))
        noise = rng.uniform(-2, 2, (8, 1))
        given = [t(x, torch.float32) for x in (u - np.exp(log_std) * noise, log_std, noise)]
        case = Squashed(*(x.numpy().astype(float) for x in given))
        result = pair_of(answer(*given), "a", "logp")[1]
        logp = np.asarray(result, dtype=float) if isinstance(result, np.ndarray) else np.zeros(0)
        if logp.shape == (8,) and not np.isfinite(logp).all():
            raise Failed(
                "log pi is not finite where tanh has run full, at |u| between 8 and 30.",
                "In float32 tanh(u) is exactly 1 there, and the logarithm of 0 is infinite.",
                given=str(np.unique(logp[~np.isfinite(logp)])),
            )
        logp = array(result, (8,), what="log pi")
        off = np.abs(logp - case.logp) > 1e-3 * (1 + np.abs(case.logp))
        if off.any():
            k = int(off.argmax())
            correction = logp[k] - case.gaussian[k, 0]
            cause = ""
            if abs(correction) < 1e-2:
                cause = "The correction for tanh is missing: this is the density of u, not of a."
            elif 5 < correction < -log_slope(case.u[k, 0]):
                cause = "A small constant inside the logarithm, or a clipped action, bounds the "
                cause += "correction; in truth it grows like 2 |u|."
            raise Failed(
                f"log pi is wrong where tanh has run full, at u = {case.u[k, 0]:.1f}.",
                cause,
                expected=f"{case.logp[k]:.4f}",
                given=f"{logp[k]:.4f}",
            )


@sample.check(
    "gradients flow to mu and log_std through a and through log pi",
    points=1.5,
    hint="Reparameterise: u is a differentiable function of mu and log_std, the noise is a number.",
)
def _gradients(answer, rng):
    evidence = {name: Evidence(f"the gradient of {name}") for name in ("mu", "log_std")}
    for k in range(12):
        case = squashed(rng, int(rng.integers(2, 6)), int(rng.integers(1, 4)))
        for_a = rng.normal(size=case.mu.shape) * (k % 3 != 1)
        for_logp = rng.normal(size=len(case.mu)) * (k % 3 != 2)
        args = (*case.args, t(for_a), t(for_logp))
        given = pair_of(answer.probe("nb08_sac.sample_gradients", *args), "mu", "log_std")
        a = np.tanh(case.u)
        by_u = for_a * (1 - a**2) + for_logp[:, None] * 2 * a  # d/du, with u free
        reach = case.std * case.noise
        want = {"mu": by_u, "log_std": by_u * reach - for_logp[:, None]}
        inert = for_logp[:, None] * 2 * a  # the action is a mere draw
        dead = for_a * (1 - a**2)
        fixed = for_logp[:, None] * (case.noise / case.std)  # u a mere number in log N(u; mu, std)
        wrong = {
            "mu": {
                "The action carries no gradient: it is a mere draw, not a function of mu.": inert,
                "log pi carries no gradient.": dead,
                "Nothing carries a gradient.": 0 * by_u,
                "u is detached inside the density: then log pi no longer knows how u moves.": dead
                + fixed,
                "u is detached, in the action and in the density.": fixed,
            },
            "log_std": {
                "The action carries no gradient: it is a mere draw.": inert * reach
                - for_logp[:, None],
                "log pi carries no gradient.": dead * reach,
                "Nothing carries a gradient.": 0 * by_u,
                "u is detached inside the density: then log pi no longer knows how u moves.": dead
                * reach
                + for_logp[:, None] * (case.noise**2 - 1),
                "u is detached, in the action and in the density.": for_logp[:, None]
                * (case.noise**2 - 1),
            },
        }
        for (name, right), found in zip(want.items(), given, strict=True):
            found = snapped(found, right, 1e-4, f"the gradient of {name}")
            evidence[name].see(found, right, lambda name=name, w=wrong: w[name])
    for one in evidence.values():
        one.conclude()


value, policy = nb08_soft.value, nb08_soft.policy  # exercises 3a, 3b
iteration = nb08_soft.iteration  # exercise 3c

# --- 4 critic_target ---------------------------------------------------------------------------

target = Exercise("08_sac/critic_target")


@dataclass(frozen=True)
class Transitions:
    """The arguments of one batch of targets."""

    r: np.ndarray
    term: np.ndarray
    q1: np.ndarray
    q2: np.ndarray
    logp: np.ndarray
    gamma: float
    alpha: float

    @property
    def args(self) -> tuple:
        """As the answer takes them."""
        return *map(t, (self.r, self.term, self.q1, self.q2, self.logp)), self.gamma, self.alpha

    def y(self) -> np.ndarray:
        """One transition at a time."""
        rows = zip(self.r, self.term, self.q1, self.q2, self.logp, strict=True)
        return np.array(
            [
                r if end else r + self.gamma * (sorted((q1, q2))[0] - self.alpha * logp)
                for r, end, q1, q2, logp in rows
            ]
        )

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        r, live, bonus = self.r, self.gamma * (1 - self.term), self.alpha * self.logp
        low, high = np.minimum(self.q1, self.q2), np.maximum(self.q1, self.q2)
        soft = low - bonus
        found = {
            "The larger of the two critics is taken.": r + live * (high - bonus),
            "The critics are averaged: the target takes the smaller one.": r
            + live * ((low + high) / 2 - bonus),
            "Only the first critic is used.": r + live * (self.q1 - bonus),
            "Only the second critic is used.": r + live * (self.q2 - bonus),
            "The minimum runs over the batch: every transition has its own.": r
            + live * (low.min() - bonus),
            "Both terms are minimised over the batch: every transition has its own.": r
            + live * soft.min(),
            "A terminated step keeps its future.": r + self.gamma * soft,
            "`term` is used the wrong way round.": r + self.gamma * self.term * soft,
            "The discount is missing.": r + (1 - self.term) * soft,
            "The reward is missing.": live * soft,
            "A terminated step loses its reward, too.": (1 - self.term) * (r + self.gamma * soft),
            "The factor alpha is missing.": r + live * (low - self.logp),
        }
        if self.alpha:
            found |= {
                "The entropy is punished: -log pi is large where the policy is wide, and that is "
                "the bonus.": r + live * (low + bonus),
                "The bonus stands outside of (1 - terminated): after the end nobody acts.": r
                + live * low
                - self.gamma * bonus,
                "The bonus is not discounted: it belongs to the next action.": r
                + live * low
                - (1 - self.term) * bonus,
                "The bonus is neither masked nor discounted: it belongs to the next action.": r
                + live * low
                - bonus,
                "The entropy is missing: this is the lecture's target.": r + live * low,
                "The bonus is averaged over the batch: every sample has its own log pi.": r
                + live * (low - bonus.mean()),
            }
        return found


def transitions(rng, B: int, *, alpha: float | None = None, share: float = 0.0) -> Transitions:
    """Random transitions; the critics disagree, and each is the smaller one at times."""
    q1, q2 = rng.normal(size=(2, B)) * 3
    q2 = np.where(np.abs(q1 - q2) < 0.5, q1 - 1.0, q2)
    term = (rng.permutation(B) < round(share * B)).astype(float)
    alpha = float(rng.uniform(0.2, 0.7)) if alpha is None else alpha
    gamma = float(rng.uniform(0.3, 0.9))
    return Transitions(rng.normal(size=B), term, q1, q2, rng.normal(size=B) * 2, gamma, alpha)


def expect_targets(answer, cases: list[Transitions]) -> None:
    """Compare targets."""
    evidence = Evidence("the target")
    for case in cases:
        want = case.y()
        found = snapped(answer(*case.args), want, 2e-6, "the target")
        evidence.see(found, want, case.wrong)
    evidence.conclude()


@target.check(
    "alpha = 0: the lecture's target, with the smaller of two critics",
    points=2,
    hint="The minimum of two numbers, transition by transition.",
)
def _lecture(answer, rng):
    cases = [transitions(rng, int(rng.integers(4, 9)), alpha=0.0) for _ in range(20)]
    expect_targets(answer, cases)


@target.check(
    "the entropy bonus of the next action",
    points=2,
    hint="- alpha log pi, beside the minimum and inside of the discount.",
)
def _bonus(answer, rng):
    expect_targets(answer, [transitions(rng, int(rng.integers(4, 9))) for _ in range(20)])
    expect_targets(answer, [transitions(rng, 1) for _ in range(4)])


@target.check(
    "a terminated step has no future: no value and no entropy",
    points=2,
    hint="(1 - term) stands before everything that comes after the step.",
)
def _terminated(answer, rng):
    cases = [transitions(rng, int(rng.integers(5, 9)), share=0.5) for _ in range(20)]
    expect_targets(answer, [*cases, transitions(rng, 6, alpha=0.0, share=0.5)])


@target.check(
    "the target carries no gradient",
    points=1,
    hint="The right side is held fixed: semi-gradient, notebook 06.",
)
def _no_gradient(answer, rng):
    evidence = Evidence("the parameter vector after one step")
    for _ in range(6):
        case, w = transitions(rng, 6), rng.uniform(0.5, 1.5, 5)
        x, lr = rng.normal(size=6), float(rng.uniform(0.05, 0.3))
        q1, q2 = w[1] * case.q1, w[2] * case.q2
        scaled = Transitions(
            case.r, case.term, q1, q2, w[3] * case.logp, case.gamma, w[4] * case.alpha
        )
        off = w[0] * x - scaled.y()
        first = np.array([2 * (off * x).mean(), 0, 0, 0, 0])
        low, by_y = q1 < q2, -2 * off * case.gamma / 6
        full = first + np.array(
            [
                0,
                (by_y * low * case.q1).sum(),
                (by_y * ~low * case.q2).sum(),
                -(by_y * scaled.alpha * case.logp).sum(),
                -(by_y * scaled.logp * case.alpha).sum(),
            ]
        )
        keeps = np.array([1, 0, 0, 1, 1])
        args = (t(w), t(x), case.args, lr)
        found = answer.probe("nb08_sac.step_towards_target", *args)
        want = w - lr * first
        wrong = {
            "The gradient flows through the whole target: detach it, or the critic chases its own "
            "tail.": w - lr * full,
            "The critics are detached, log pi and alpha are not: the target as a whole is held "
            "fixed.": w - lr * (first + keeps * (full - first)),
            "The critics carry a gradient, log pi and alpha do not.": w
            - lr * (first + (1 - keeps) * (full - first)),
        }
        found = snapped(found, want, 2e-6, "the parameter vector after one step")
        evidence.see(found, want, lambda wrong=wrong: wrong)
    evidence.conclude()


# --- 5 actor_loss ------------------------------------------------------------------------------

actor = Exercise("08_sac/actor_loss")


def wrong_losses(logp, q1, q2, alpha: float) -> dict[str, float]:
    """What typical mistakes give."""
    low, high = np.minimum(q1, q2), np.maximum(q1, q2)
    return {
        "The sign is turned around: this is what the actor wants large, and a loss is made "
        "small.": (low - alpha * logp).mean(),
        "The entropy is punished: alpha log pi comes with a plus, -Q with a minus.": (
            -alpha * logp - low
        ).mean(),
        "Q is made small: it needs a minus.": (alpha * logp + low).mean(),
        "The larger of the two critics is taken.": (alpha * logp - high).mean(),
        "The critics are averaged.": (alpha * logp - (low + high) / 2).mean(),
        "Only the first critic is used: that is the lecture's actor; here the smaller of both "
        "counts.": (alpha * logp - q1).mean(),
        "Only the second critic is used.": (alpha * logp - q2).mean(),
        "This is a sum over the batch, not its mean.": (alpha * logp - low).sum(),
        "The factor alpha is missing.": (logp - low).mean(),
        "The entropy is missing.": -low.mean(),
        "alpha multiplies Q, too.": (alpha * (logp - low)).mean(),
        "The minimum runs over the batch.": (alpha * logp - low.min()).mean(),
        "The mean is taken of each critic first, then the smaller one.": alpha * logp.mean()
        - min(q1.mean(), q2.mean()),
    }


def expect_losses(answer, rng, alphas) -> None:
    """Compare losses."""
    evidence = Evidence("the loss")
    for alpha in alphas:
        B = int(rng.integers(5, 9))
        logp, q1, q2 = rng.normal(size=(3, B)) * 2
        low = [sorted(pair)[0] for pair in zip(q1, q2, strict=True)]
        want = np.asarray((alpha * logp - low).mean())
        found = number(answer(t(logp), t(q1), t(q2), alpha), what="the loss")
        wrong = lambda a=alpha, x=(logp, q1, q2): wrong_losses(*x, a)  # noqa: E731
        evidence.see(snapped(found, want, 2e-6, "the loss"), want, wrong)
    evidence.conclude()


@actor.check(
    "the mean of alpha log pi - min Q",
    points=2,
    hint="A loss: what should grow gets a minus.",
)
def _actor_value(answer, rng):
    expect_losses(answer, rng, rng.uniform(0.2, 0.7, 20).tolist())


@actor.check(
    "alpha = 0: only Q counts", points=1, hint="No special case: the first term vanishes by itself."
)
def _actor_zero(answer, rng):
    expect_losses(answer, rng, [0.0] * 10)


@actor.check(
    "its gradient: alpha to log pi, -1 to the smaller critic",
    points=2,
    hint="Nothing is detached in here: the path to the actor leads through Q and through log pi.",
)
def _actor_gradient(answer, rng):
    names = ("log pi", "the first critic's value", "the second critic's value")
    evidence = [Evidence(f"the gradient with respect to {name}") for name in names]
    for _ in range(8):
        B, alpha = int(rng.integers(3, 8)), float(rng.uniform(0.2, 0.7))
        logp, q1, q2 = rng.normal(size=(3, B)) * 2
        low = q1 < q2
        want = np.full(B, alpha) / B, -1.0 * low / B, -1.0 * ~low / B
        found = answer.probe("nb08_sac.actor_gradients", t(logp), t(q1), t(q2), alpha)
        if not isinstance(found, tuple) or len(found) != 3:
            raise Failed("The gradients cannot be read.", stops=True)
        zero, half = np.zeros(B), np.full(B, -0.5 / B)
        both = {
            "The critics' values are detached: then the actor learns nothing about Q.": zero,
            "The gradient of both critics is mixed: only the smaller one counts.": half,
        }
        alone = {"Only the first critic counts here.": 2 * half}
        wrong = [{"log pi is detached: then nothing keeps the policy wide.": zero}]
        wrong += [both | alone, both]
        for one, name, right, given, causes in zip(
            evidence, names, want, found, wrong, strict=True
        ):
            given = snapped(given, np.asarray(right, float), 2e-6, f"the gradient of {name}")
            one.see(given, right, lambda causes=causes: causes)
    for one in evidence:
        one.conclude()


update = nb08_agent.sac_update  # exercise 6

# --- 7 temperature_loss ------------------------------------------------------------------------

temperature = Exercise("08_sac/temperature_loss")


def temperatures(rng, n: int = 20) -> list[tuple[float, np.ndarray, float]]:
    """Cases of log alpha, log pi and target entropy."""
    return [
        (
            float(rng.uniform(-2.5, 1.0)),
            rng.normal(size=int(rng.integers(3, 8))) * 2 + rng.choice([-2.0, 2.0]),
            float(-rng.uniform(0.5, 6.5)),
        )
        for _ in range(n)
    ]


@temperature.check(
    "the mean of -alpha (log pi + target entropy)",
    points=1,
    hint="alpha is the exponential of log alpha.",
)
def _temperature(answer, rng):
    evidence = Evidence("the loss")
    for log_alpha, logp, goal in temperatures(rng):
        alpha, off = math.exp(log_alpha), logp.mean() + goal
        want = np.asarray(-alpha * off)
        found = number(answer(t(log_alpha), t(logp), goal), what="the loss")
        wrong = {
            "The sign is turned around: alpha would fall where the entropy is too low.": alpha
            * off,
            "log alpha stands where alpha belongs.": -log_alpha * off,
            "The target entropy has the wrong sign: it is added to log pi.": -alpha
            * (logp.mean() - goal),
            "The mean entropy has the wrong sign.": -alpha * (goal - logp.mean()),
            "This is a sum over the batch, not its mean.": -alpha * (logp + goal).sum(),
            "The target entropy is missing.": -alpha * logp.mean(),
            "The factor alpha is missing.": -off,
        }
        found = snapped(found, want, 2e-6, "the loss")
        evidence.see(found, want, lambda wrong=wrong: wrong)
    evidence.conclude()


@temperature.check(
    "a step moves log alpha only, and by the right amount",
    points=2,
    hint="log pi is a number here: it has to be detached. log alpha is not.",
)
def _temperature_step(answer, rng):
    evidence = Evidence("the pair of log alpha and the actor's weight after one step")
    for log_alpha, logp, goal in temperatures(rng, 10):
        w, lr = float(rng.uniform(0.5, 1.5)), float(rng.uniform(0.05, 0.3))
        alpha = math.exp(log_alpha)
        by_log_alpha, by_w = -alpha * (w * logp + goal).mean(), -alpha * logp.mean()
        want = np.array([log_alpha - lr * by_log_alpha, w])
        wrong = {
            "The gradient flows into the policy, too: detach log pi.": want - [0, lr * by_w],
            "log alpha gets no gradient.": [log_alpha, w],
            "log alpha gets no gradient, and the policy does.": [log_alpha, w - lr * by_w],
            "alpha moves the wrong way: too little entropy has to raise it.": [
                log_alpha + lr * by_log_alpha, w,
            ],
        }  # fmt: skip
        args = t(log_alpha), t(w), t(logp), goal, lr
        found = answer.probe("nb08_sac.temperature_step", *args)
        found = snapped(found, want, 2e-6, "log alpha and the weight")
        evidence.see(found, want, lambda wrong=wrong: wrong)
    evidence.conclude()
