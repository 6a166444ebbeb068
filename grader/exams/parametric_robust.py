"""Hidden checks of 06_parametric_q: clipping, the Huber loss and what it rests on."""

from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from grader.exams.evidence import Evidence
from grader.exams.parametric_nets import PROBE, report_of
from qlib.checks import Exercise, Failed, array, close, matches, number, show
from qlib.checks.nb06_parametric_q import pair_of

clip = Exercise("06_parametric_q/clip_grads")
huber = Exercise("06_parametric_q/huber")
rest = Exercise("06_parametric_q/mse_vs_huber_min")

RTOL = 1e-4  # float32, and room for the customary 1e-6 in a denominator


NOTHING = (
    "Nothing is clipped: the parameters keep their gradients. A new name for a gradient, or a new "
    "tensor that no parameter keeps, changes nothing; multiply in place."
)


def gradients(rng, n: int = 0, *, missing: int = 0, zero: int = 0) -> list[np.ndarray | None]:
    """Random gradients of several parameters, of different shapes and sizes."""
    n = n or int(rng.integers(2, 6))
    shapes = [tuple(int(k) for k in rng.integers(1, 5, rng.integers(1, 3))) for _ in range(n)]
    found: list[np.ndarray | None] = [
        (rng.normal(size=shape) * rng.uniform(0.3, 3)).astype(np.float32) for shape in shapes
    ]
    found += [np.zeros((2, 3), np.float32)] * zero + [None] * missing
    return [found[k] for k in rng.permutation(len(found))]


def length_of(grads: list[np.ndarray | None]) -> float:
    """The Euclidean length of all gradients together."""
    return float(np.linalg.norm(np.concatenate([g.ravel() for g in grads if g is not None])))


def joined(grads: list) -> np.ndarray:
    """All gradients in one vector."""
    return np.concatenate([np.asarray(g, dtype=float).ravel() for g in grads if g is not None])


def wrong_clips(grads: list, max_norm: float) -> dict[str, np.ndarray]:
    """Gradients after clipping with a mistake."""
    norm = length_of(grads)
    if norm == 0:
        return {}
    kept = [g for g in grads if g is not None]
    sizes = [float(np.linalg.norm(g)) for g in kept]
    largest = max(float(np.abs(g).max()) for g in kept)
    return {
        NOTHING: joined(grads),
        "Every entry is clipped by itself: the direction of the gradient changes.": np.clip(
            joined(grads), -max_norm, max_norm
        ),
        "Every tensor is clipped by its own length: the length of all gradients together counts, "
        "else the direction changes.": joined(
            [g * min(1.0, max_norm / s) if s else g for g, s in zip(kept, sizes, strict=True)]
        ),
        "The gradients are divided by their length, but not multiplied by the largest length "
        "allowed.": joined(grads) / norm,
        "The squared length is used, without the square root.": joined(grads)
        * min(1.0, max_norm / norm**2),
        "The factor is upside down.": joined(grads) * norm / max_norm,
        "The largest entry is used as the length.": joined(grads) * min(1.0, max_norm / largest),
        "The lengths of the tensors are added: their squares add up.": joined(grads)
        * min(1.0, max_norm / sum(sizes)),
        "Short gradients are made longer: below the largest length allowed nothing changes.": (
            joined(grads) * max_norm / norm
        ),
        "The gradients are set to zero.": 0 * joined(grads),
    }


def wrong_lengths(grads: list, max_norm: float) -> dict[str, float]:
    """Lengths with a mistake."""
    norm = length_of(grads)
    if norm == 0:
        return {}
    kept = [g for g in grads if g is not None]
    return {
        "This is the length after clipping: the one from before is asked for.": min(norm, max_norm),
        "This is the squared length.": norm**2,
        "This is the sum of the lengths of the tensors: their squares add up.": float(
            sum(np.linalg.norm(g) for g in kept)
        ),
        "This is the length of the last tensor only.": float(np.linalg.norm(kept[-1])),
        "This is the length of the first tensor only.": float(np.linalg.norm(kept[0])),
        "This is the largest length of a tensor.": max(float(np.linalg.norm(g)) for g in kept),
        "This is the factor of the clipping, not the length.": min(1.0, max_norm / norm),
        "This is the sum of absolute values.": float(np.abs(joined(grads)).sum()),
    }


def expect_clipped(answer, cases: list[tuple[list, float]], *, once: bool = False) -> None:
    """Compare the gradients left behind, and the length that is returned."""
    left, told = Evidence("the gradient"), Evidence("the length returned")
    for grads, max_norm in cases:
        shapes = [(2,) if g is None else g.shape for g in grads]
        said = answer.probe(PROBE + "clip", shapes, grads, max_norm, once)
        given = report_of(said, "gradients")
        if not isinstance(given, list) or len(given) != len(grads):
            raise Failed("The gradients cannot be read after the call.", stops=True)
        for g, h in zip(grads, given, strict=True):
            if (g is None) != (h is None):
                raise Failed(
                    "A parameter without a gradient has got one, or the other way round.",
                    "Parameters whose gradient is None are skipped.",
                )
        found = np.concatenate(
            [
                array(h, g.shape, what="a gradient").ravel()
                for g, h in zip(grads, given, strict=True)
                if g is not None
            ]
        )
        norm = length_of(grads)
        want = joined(grads) * (min(1.0, max_norm / norm) if norm > 0 else 1.0)
        if (np.abs(found - want) <= RTOL * max(np.abs(want).max(), 1e-9)).all():
            found = want
        left.see(found, want, lambda g=grads, m=max_norm: wrong_clips(g, m))
        length = number(report_of(said, "norm"), what="the length returned")
        if abs(length - norm) <= RTOL * norm:
            length = norm
        told.see(length, norm, lambda g=grads, m=max_norm: wrong_lengths(g, m))
    left.conclude()
    told.conclude()


@clip.check(
    "a long gradient is shortened as a whole",
    points=1.5,
    hint="One length for all gradients together, one factor for all of them.",
)
def _clip(answer, rng):
    cases = []
    for _ in range(12):
        grads = gradients(rng)
        cases.append((grads, float(rng.uniform(0.2, 0.8)) * length_of(grads)))
    try:
        expect_clipped(answer, cases)
    except Failed as found:
        if found.cause == NOTHING and lengthens(answer, gradients(rng)):
            found.cause = "The comparison is turned round: long gradients stay, short ones grow."
        raise


def lengthens(answer, grads: list) -> bool:
    """Whether a gradient half as long as allowed is made as long as allowed."""
    shapes, allowed = [g.shape for g in grads], 2 * length_of(grads)
    left = report_of(answer.probe(PROBE + "clip", shapes, grads, allowed, False), "gradients")
    return all(matches(h, 2 * g, rtol=RTOL) for g, h in zip(grads, left, strict=True))


@clip.check(
    "a short gradient stays as it is",
    points=0.5,
    hint="Only if the length is above the largest one allowed, something happens. That one may be "
    "infinite.",
)
def _clip_short(answer, rng):
    cases = []
    for above in rng.permutation([True, True, False, False, False, False, False]):
        grads = gradients(rng)
        share = rng.uniform(0.3, 0.8) if above else rng.uniform(1.1, 4)
        cases.append((grads, float(share) * length_of(grads)))
    expect_clipped(answer, cases)
    for _ in range(2):
        grads = gradients(rng)
        shapes = [g.shape for g in grads]
        said = answer.probe(PROBE + "clip", shapes, grads, float("inf"), False)
        left = report_of(said, "gradients")
        if not all(matches(h, g, rtol=RTOL) for g, h in zip(grads, left, strict=True)):
            raise Failed(
                "An infinite max_norm changes the gradients.",
                "It allows every length: nothing may be multiplied then, and inf / inf is no "
                "number.",
                expected=show(joined(grads)),
                given=show(left),
            )


@clip.check(
    "parameters without a gradient, or with zeros",
    points=0.5,
    hint="Skip what is None. A length of zero must not be divided by.",
)
def _clip_none(answer, rng):
    cases = []
    for _ in range(4):
        grads = gradients(rng, missing=int(rng.integers(1, 3)), zero=int(rng.integers(0, 2)))
        cases.append((grads, float(rng.choice([0.4, 2.0])) * length_of(grads)))
    cases.append(([np.zeros((2, 2), np.float32), None, np.zeros(3, np.float32)], 1.0))
    expect_clipped(answer, cases)


@clip.check(
    "parameters that can be walked through only once",
    points=0.5,
    hint="A generator is empty after the first loop over it: collect first.",
)
def _clip_once(answer, rng):
    cases = []
    for _ in range(4):
        grads = gradients(rng)
        cases.append((grads, float(rng.uniform(0.2, 0.8)) * length_of(grads)))
    expect_clipped(answer, cases)
    try:
        expect_clipped(answer, cases, once=True)
    except Failed as found:
        found.cause = (
            "With a list it is right: a generator is empty after the first loop over it. Collect "
            "the gradients in a list first."
        )
        raise


# --- 6b huber ----------------------------------------------------------------------------------


def by_slopes(x: np.ndarray, delta: float) -> np.ndarray:
    """The loss as the area below its slope, a line up to delta and then flat."""
    size = np.abs(x)
    inner = np.minimum(size, delta)
    return inner * inner / 2 + delta * (size - inner)


def wrong_hubers(x: np.ndarray, delta: float) -> dict[str, np.ndarray]:
    """What typical mistakes give."""
    size, right = np.abs(x), by_slopes(x, delta)
    near = size <= delta
    return {
        "The factor ½ is missing near 0: there is a step at the threshold.": np.where(
            near, x**2, right
        ),
        "It is twice as large.": 2 * right,
        "It is divided by the threshold: that is torch's smooth L1.": right / delta,
        "The threshold is ignored: it is always 1.": by_slopes(x, 1.0),
        "Far away the offset is missing: the two parts do not meet.": np.where(
            near, right, delta * size
        ),
        "Far away the slope is 1, whatever the threshold: the parts do not meet.": np.where(
            near, right, size - 0.5 * delta
        ),
        "Far away the offset is delta, not half of it.": np.where(
            near, right, delta * (size - delta)
        ),
        "The sign of the error counts: take its size.": np.where(
            x <= delta, x**2 / 2, delta * (x - delta / 2)
        ),
        "The two parts are exchanged.": np.where(~near, x**2 / 2, delta * (size - delta / 2)),
        "This is half the square everywhere.": x**2 / 2,
        "This is the slope, not the loss.": np.clip(x, -delta, delta),
    }


def expect_hubers(answer, cases: list[tuple[np.ndarray, float]]) -> None:
    """Compare entry by entry."""
    evidence = Evidence("the loss")
    for x, delta in cases:
        evidence.see(answer(x, delta), by_slopes(x, delta), lambda x=x, d=delta: wrong_hubers(x, d))
    evidence.conclude()


@huber.check(
    "near and far, for any threshold",
    points=1,
    hint="At the threshold both parts have the same value and the same slope.",
)
def _huber(answer, rng):
    cases = []
    for _ in range(20):
        delta = float(rng.choice([rng.uniform(0.3, 0.8), rng.uniform(1.5, 4)]))
        cases.append((rng.normal(size=12) * 2 * delta, delta))
    expect_hubers(answer, cases)


@huber.check(
    "any shape, negative errors, the threshold itself",
    points=0.5,
    hint="Work with the size of the error, entry by entry.",
)
def _huber_shapes(answer, rng):
    cases = []
    for shape in ((3, 4), (1,), (2, 1, 3), (5,)):
        delta = float(rng.uniform(0.5, 3))
        cases.append((rng.normal(size=shape) * 2 * delta, delta))
        cases.append((-np.abs(rng.normal(size=shape)) * 2 * delta, delta))
    delta = float(rng.uniform(0.5, 3))
    cases.append((np.array([delta, -delta, 0.0, 2 * delta]), delta))
    expect_hubers(answer, [cases[k] for k in rng.permutation(len(cases))])
    x, delta = cases[0]
    first, again = answer.repeat(2, x, delta)
    close(
        again,
        array(first, x.shape),
        what="the loss of a second call with the same errors",
        cause="The errors handed in are changed: an in-place operation works on them.",
    )


# --- 6c mse_vs_huber_min -----------------------------------------------------------------------


def resting(y: np.ndarray, p: np.ndarray) -> tuple[float, float]:
    """Both minima, the second one by a search over the loss itself, bracket by bracket."""

    def loss(x: float) -> float:
        return float(p @ by_slopes(x - y, 1.0))

    kinks = np.unique(np.concatenate([y - 1, y + 1]))
    best = int(np.argmin([loss(x) for x in kinks]))
    low, high = kinks[max(best - 1, 0)], kinks[min(best + 1, len(kinks) - 1)]
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-9})
    return float(p @ y), float(found.x)


def a_target(rng) -> tuple[np.ndarray, np.ndarray]:
    """Values and probabilities with one minimum: the slope is nowhere flat at zero."""
    while True:
        k = int(rng.integers(3, 7))
        y = np.round(rng.normal(size=k) * rng.choice([1.0, 4.0]) + rng.normal(), 3)
        p = rng.dirichlet(np.full(k, 1.5))
        kinks = np.unique(np.concatenate([y - 1, y + 1]))
        slope = np.array([p @ np.clip(x - y, -1, 1) for x in kinks])
        inside = (slope[1:] > 0) & (slope[:-1] < 0) & (np.diff(slope) > 0.15 * np.diff(kinks))
        if inside.any() and np.abs(slope).min() > 1e-3:
            return y, p


IGNORED = "The probabilities are ignored."


def wrong_rests(y: np.ndarray, p: np.ndarray) -> dict[str, tuple[float, float]]:
    """What typical mistakes give."""
    mse, best = resting(y, p)
    order = np.argsort(y)
    median = float(y[order][np.searchsorted(np.cumsum(p[order]), 0.5)])
    return {
        "The two results are exchanged.": (best, mse),
        "Both are the mean: Huber rests elsewhere.": (mse, mse),
        "The second is the median: Huber rests between median and mean.": (mse, median),
        "The first ignores the probabilities.": (float(y.mean()), best),
        "The mean of the values clipped to [-1, 1] is no minimum.": (
            mse,
            float(p @ np.clip(y, -1, 1)),
        ),
        "The value with the largest probability is taken.": (mse, float(y[p.argmax()])),
    }


def expect_rests(answer, cases: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Compare both results to 1e-4."""
    evidence = Evidence("the pair")
    for y, p in cases:
        want: Any = resting(y, p)
        pair = pair_of(answer(y, p), "best_mse", "best_huber")
        given = [number(x, what="the prediction") for x in pair]
        if all(abs(g - w) <= 1.5e-4 for g, w in zip(given, want, strict=True)):
            given = list(want)
        near = {
            text: tuple(given[k] if abs(given[k] - v[k]) <= 2e-4 else v[k] for k in (0, 1))
            for text, v in wrong_rests(y, p).items()
        }
        even = [by_slopes(x - y, 1.0).mean() for x in (given[1], resting(y, 0 * p + 1 / len(p))[1])]
        if even[0] <= even[1] + 1e-7:  # the minimum need not be unique then
            near[IGNORED] = (float(y.mean()), given[1])
        evidence.see(given, want, lambda near=near: near)
    evidence.conclude()


@rest.check(
    "the squared error rests at the mean, Huber where its slope is zero",
    points=1,
    hint="Weigh every value with its probability. The slope of Huber is the clipped error.",
)
def _rest(answer, rng):
    expect_rests(answer, [a_target(rng) for _ in range(16)])


@rest.check(
    "a rare large value hardly moves Huber",
    points=0.5,
    hint="An outlier pulls with the force of its probability, however far away it is.",
)
def _rest_outlier(answer, rng):
    cases = []
    for _ in range(6):
        p, far = float(rng.uniform(0.05, 0.3)), float(rng.choice([-1, 1]) * rng.uniform(5, 200))
        base = float(rng.normal())
        cases.append((np.array([base, base + far]), np.array([1 - p, p])))
    expect_rests(answer, cases)
