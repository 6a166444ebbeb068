"""Hidden checks of 06_parametric_q: linear functions, one step at a time or one fit at a time.

Many steps are compared with the power of a matrix, fits with the normal equations (where they have
one solution) and with projections of the values (where they have many).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.exams.evidence import Evidence
from grader.exams.parametric_nets import PROBE, settle
from qlib import envs
from qlib.checks import Exercise, Failed, array, as_array, close, matches, show

step = Exercise("06_parametric_q/linear_td_step")
factor = Exercise("06_parametric_q/w2w_factor")
threshold = Exercise("06_parametric_q/w2w_threshold")
fqi = Exercise("06_parametric_q/fqi_linear")


@dataclass(frozen=True)
class Step:
    """The arguments of one step."""

    w: np.ndarray
    phi: np.ndarray
    phi2: np.ndarray
    r: float
    gamma: float
    term: bool
    alpha: float
    mode: str

    @property
    def args(self) -> tuple:
        """As the answer takes them."""
        return (self.w, self.phi, self.phi2, self.r, self.gamma, self.term, self.alpha, self.mode)

    def right(self) -> np.ndarray:
        """As a matrix acting on the weights: w + alpha (r - x . w) z."""
        c = 0.0 if self.term else self.gamma
        x = self.phi - c * self.phi2
        z = self.phi if self.mode == "semi" else x
        matrix = np.eye(len(self.w)) - self.alpha * np.outer(z, x)
        return matrix @ self.w + self.alpha * self.r * z

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        c, g = (0.0 if self.term else self.gamma), self.gamma
        delta = self.r + c * (self.phi2 @ self.w) - self.phi @ self.w
        live = self.r + g * (self.phi2 @ self.w) - self.phi @ self.w
        semi, x = self.mode == "semi", self.phi - c * self.phi2
        z, a = (self.phi if semi else x), self.alpha
        result = {
            "The weights run away from the target: the sign is turned around.": self.w
            - a * delta * z,
            "The step is twice as large: the factor 2 of the square belongs to the step size.": (
                self.w + 2 * a * delta * z
            ),
            "The discount is missing.": self.w
            + a
            * (self.r + (c > 0) * (self.phi2 @ self.w) - self.phi @ self.w)
            * (self.phi if semi else self.phi - (c > 0) * self.phi2),
            "The reward is missing.": self.w + a * (delta - self.r) * z,
            "The step size is missing.": self.w + delta * z,
            "The residual gradient is taken where the semi-gradient is asked for."
            if semi
            else "This is the semi-gradient: the residual gradient has a second term.": self.w
            + a * delta * (x if semi else self.phi),
            "The direction is that of the next state.": self.w + a * delta * self.phi2,
            "This is the change of the weights, not the new weights.": a * delta * z,
        }
        if not semi:
            result |= {
                "The second term has the wrong sign: the features of the next state are "
                "subtracted.": self.w + a * delta * (self.phi + c * self.phi2),
                "The second term has no discount.": self.w
                + a * delta * (self.phi - (c > 0) * self.phi2),
            }
        if self.term:
            result |= {
                "A terminated step keeps its future: the features of the next state still count.": (
                    self.w + a * live * (self.phi if semi else self.phi - g * self.phi2)
                ),
                "The mask is missing in the error; in the direction it is right.": self.w
                + a * live * z,
                "The mask is missing in the direction; in the error it is right.": self.w
                + a * delta * (self.phi - g * self.phi2),
            }
        return result


def a_step(rng, mode: str, *, term: bool = False, d: int = 0) -> Step:
    """Random arguments."""
    d = d or int(rng.integers(2, 6))
    w, phi, phi2 = rng.normal(size=(3, d)) * 1.5
    r, gamma, alpha = rng.normal() + 1, rng.uniform(0.3, 0.95), rng.uniform(0.05, 0.6)
    return Step(w, phi, phi2, float(r), float(gamma), term, float(alpha), mode)


def expect_steps(answer, rng, cases: list[Step], *, twice: bool = False) -> None:
    """Compare single steps; `twice` sees whether the arrays handed in stay as they are."""
    evidence = Evidence("the new weight vector")
    for case in cases:
        evidence.see(answer(*case.args), case.right(), case.wrong)
    evidence.conclude()
    for mode in ("semi", "residual") if twice else ():
        case = a_step(rng, mode)
        shape = case.w.shape
        first, again = (array(x, shape) for x in answer.repeat(2, *case.args))
        if (first == again).all():
            continue
        changed = {
            "The weights": replace(case, w=first),
            "The features of the state": replace(case, phi=case.phi - case.gamma * case.phi2),
            "The features of the next state": replace(case, phi2=case.gamma * case.phi2),
        }
        which = (text for text, other in changed.items() if matches(again, other.right()))
        raise Failed(
            "Two calls with the same arguments give different weights.",
            f"{next(which, 'The arrays')} handed in are changed: an in-place operation works on "
            "them.",
            expected=show(first),
            given=show(again),
        )


@step.check(
    "semi-gradient",
    points=1,
    hint="The TD error times the features of the state that is updated.",
)
def _semi(answer, rng):
    expect_steps(answer, rng, [a_step(rng, "semi") for _ in range(20)], twice=True)


@step.check(
    "residual gradient",
    points=1.25,
    hint="The TD error times the difference of the features, those of the next state discounted.",
)
def _residual(answer, rng):
    expect_steps(answer, rng, [a_step(rng, "residual") for _ in range(20)])


@step.check(
    "a terminated step has no next state",
    points=0.75,
    hint="c = 0 then, in the error and in the direction.",
)
def _terminated(answer, rng):
    modes = rng.permutation(["semi", "residual"] * 6)
    flags = rng.permutation([True] * 9 + [False] * 3)
    cases = [a_step(rng, str(m), term=bool(f)) for m, f in zip(modes, flags, strict=True)]
    expect_steps(answer, rng, cases)


Transitions = list[tuple[float, np.ndarray, np.ndarray, float, float, bool]]


def star(rng) -> tuple[np.ndarray, Transitions]:
    """Baird's star with random weights, visits and discount."""
    world = envs.baird()
    visits = rng.dirichlet(np.full(7, 5.0))
    gamma = float(rng.uniform(0.9, 0.99))
    rows = [
        (float(visits[s]), world.phi[s], world.phi[6], 0.0, gamma, False) for s in range(7)
    ]  # fmt: skip
    return rng.normal(size=8) * 3, rows


def fork(rng) -> tuple[np.ndarray, Transitions]:
    """The A-split with other odds and rewards."""
    p, x, y = float(rng.uniform(0.2, 0.8)), float(rng.normal() + 2), float(rng.normal())
    A, B, C = np.eye(3)
    end = np.zeros(3)
    rows = [
        (p / 2, A, B, 0.0, 1.0, False),
        ((1 - p) / 2, A, C, 0.0, 1.0, False),
        (p / 2, B, end, x, 1.0, True),
        ((1 - p) / 2, C, end, y, 1.0, True),
    ]
    return rng.normal(size=3), rows


def after(w: np.ndarray, rows: Transitions, alpha: float, mode: str, n: int) -> np.ndarray:
    """Weights after n expected updates, by a power of the matrix of one of them."""
    d = len(w)
    whole = np.zeros((d + 1, d + 1))
    whole[d, d] = 1.0
    for weight, phi, phi2, r, gamma, term in rows:
        x = phi - (0.0 if term else gamma) * phi2
        z = phi if mode == "semi" else x
        whole[:d, :d] += weight * (np.eye(d) - alpha * np.outer(z, x))
        whole[:d, d] += weight * alpha * r * z
    return (np.linalg.matrix_power(whole, n) @ np.append(w, 1.0))[:d]


@step.check(
    "many steps on Baird's star and on a random split",
    points=1,
    hint="Single steps are right or wrong in every direction: look at the checks above first.",
)
def _worlds(answer, rng):
    evidence = Evidence("the weight vector after many sweeps")
    for world, alpha, n in ((star, 0.05, 60), (fork, 0.4, 60)):
        for mode in rng.permutation(["semi", "residual"]):
            w, rows = world(rng)
            given = answer.probe(PROBE + "sweeps", w, rows, alpha, str(mode), n)
            want = after(w, rows, alpha, str(mode), n)
            other = "residual" if mode == "semi" else "semi"
            mistakes = {
                f"These are the weights of the other kind of gradient ({other}).": after(
                    w, rows, alpha, other, n
                ),
                "The mask is missing: terminated steps look at the next state.": after(
                    w, [(*row[:5], False) for row in rows], alpha, str(mode), n
                ),
            }
            evidence.see(given, want, lambda m=mistakes: m)
    evidence.conclude()


# --- 4a, 4b w -> 2w ----------------------------------------------------------------------------


def by_fit(gamma: float, eps: float) -> float:
    """The factor, by least squares on the two targets."""
    phi = np.array([1.0, 2.0])
    return float(phi @ np.array([2 * gamma, 2 * gamma * (1 - eps)]) / (phi @ phi))


@factor.check(
    "the factor for random discounts and odds",
    points=1,
    hint="Set the derivative of the sum of both squares to zero and solve for the new weight.",
)
def _factor(answer, rng):
    evidence = Evidence("the factor")
    cases = [(rng.uniform(0.1, 1), rng.uniform(0.05, 0.95)) for _ in range(20)]
    cases += [(rng.uniform(0.1, 1), 0.0), (rng.uniform(0.1, 1), 1.0)]
    for gamma, eps in ((float(g), float(e)) for g, e in rng.permutation(cases)):
        mistakes = {
            "The derivative of the inside is forgotten: the second square counts twice as much.": (
                gamma * (2 + 2 * (1 - eps)) / 3
            ),
            "The probability of the end is ignored.": gamma * 6 / 5,
            "The probability of the end is taken for that of going on.": gamma * (2 + 4 * eps) / 5,
            "The discount is missing.": (6 - 4 * eps) / 5,
            "The discount stands before one of the two targets only.": (2 + 4 * gamma * (1 - eps))
            / 5,
            "The sum is divided by the number of states.": by_fit(gamma, eps) / 2,
            "This is the threshold, not the factor.": 5 / (6 - 4 * eps),
            "Only the first state is fitted.": 2 * gamma,
            "Both targets are fitted with the feature 1.": gamma * (2 - eps),
        }
        evidence.see(answer(gamma, eps), by_fit(gamma, eps), lambda m=mistakes: m)
    evidence.conclude()


@threshold.check(
    "the discount at which one fit changes nothing",
    points=1,
    hint="Set the factor to 1 and solve for gamma.",
)
def _threshold(answer, rng):
    evidence = Evidence("the threshold")
    cases = np.concatenate([rng.uniform(0.02, 0.24, 8), rng.uniform(0.26, 0.98, 8), [0.0, 1.0]])
    for eps in (float(e) for e in rng.permutation(cases)):
        want = 1 / by_fit(1.0, eps)
        mistakes = {
            "The threshold is cut off at 1: above 1 it says that no discount is dangerous.": min(
                1.0, want
            ),
            "The fraction is upside down.": 1 / want,
            "The probability of the end is ignored.": 5 / 6,
            "The probability of the end is taken for that of going on.": 5 / (2 + 4 * eps),
            "The probability of the end makes it safer, so the threshold rises.": 5 / (6 + 4 * eps),
        }
        evidence.see(answer(eps), want, lambda m=mistakes: m)
    evidence.conclude()


# --- 4c fqi_linear -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Fits:
    """The arguments of fitted iteration."""

    Phi: np.ndarray
    Phi2: np.ndarray
    r: np.ndarray
    gamma: float
    term: np.ndarray
    w0: np.ndarray
    n: int

    @property
    def args(self) -> tuple:
        """As the answer takes them."""
        return self.Phi, self.Phi2, self.r, self.gamma, self.term, self.w0, self.n

    def iterate(
        self, Phi2: np.ndarray | None = None, gamma: float | None = None, penalty: float = 0.0
    ) -> np.ndarray:
        """All iterates, by the normal equations; the features have full rank."""
        Phi2 = self.Phi2 * (1.0 - self.term)[:, None] if Phi2 is None else Phi2
        gamma = self.gamma if gamma is None else gamma
        gram = self.Phi.T @ self.Phi + penalty * np.eye(len(self.w0))
        iterates = [self.w0.astype(float)]
        for _ in range(self.n):
            y = self.r + gamma * (Phi2 @ iterates[-1])
            iterates.append(np.linalg.solve(gram, self.Phi.T @ y))
        return np.array(iterates)

    def ridge(self, given: Any) -> np.ndarray:
        """The iterates with the penalty on the weights that the second given row shows, if one."""
        try:
            w = array(given, (self.n + 1, len(self.w0)))[min(1, self.n)]
        except Failed:
            return self.iterate()
        y = self.r + self.gamma * (1.0 - self.term) * (self.Phi2 @ self.w0)
        penalty = max(0.0, float(w @ self.Phi.T @ (y - self.Phi @ w)) / max(float(w @ w), 1e-9))
        return self.iterate(penalty=penalty)

    def wrong(self, given: Any) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        d, right = len(self.w0), self.iterate()
        steps = [self.w0.astype(float)]
        for _ in range(self.n):
            y = self.r + self.gamma * (1 - self.term) * (self.Phi2 @ steps[-1])
            steps.append(steps[-1] + self.Phi.T @ (y - self.Phi @ steps[-1]) / len(self.r))
        fixed = self.r + self.gamma * (1 - self.term) * (self.Phi2 @ self.w0)
        once = np.linalg.solve(self.Phi.T @ self.Phi, self.Phi.T @ fixed)
        kept, sums = self.r.copy(), [self.w0.astype(float)]
        for _ in range(self.n):
            kept = kept + self.gamma * (1 - self.term) * (self.Phi2 @ sums[-1])
            sums.append(np.linalg.solve(self.Phi.T @ self.Phi, self.Phi.T @ kept))
        result = {
            "The rewards grow in every iteration: what is added to them in place stays there.": (
                np.array(sums)
            ),
            "Terminated steps keep their future: the mask is missing.": self.iterate(self.Phi2),
            "The mask is the wrong way round.": self.iterate(self.Phi2 * self.term[:, None]),
            "The discount is missing.": self.iterate(gamma=1.0),
            "The future is missing: the targets are the rewards alone.": self.iterate(gamma=0.0),
            "This is one gradient step in each iteration, not a full fit.": np.array(steps),
            "The weights are drawn towards 0, as ridge regression does it; a least-squares fit has "
            "no such term.": self.ridge(given),
            "The targets always come from the first weights.": np.array(
                [self.w0] + [once] * self.n
            ),
            "The first row is not the weights handed in.": np.vstack([np.zeros(d), right[1:]]),
            "The iteration starts at zero, not at the weights handed in.": Fits(
                self.Phi, self.Phi2, self.r, self.gamma, self.term, 0 * self.w0, self.n
            ).iterate(),
        }
        if self.term.any():
            kept = Fits(
                self.Phi,
                self.Phi2,
                self.r * (1 - self.term),
                self.gamma,
                self.term,
                self.w0,
                self.n,
            )
            result["Terminated steps lose their reward, too."] = kept.iterate()
        return result


def some_fits(rng, *, ended: float = 0.0, n: int = 0) -> Fits:
    """Random data with more rows than features."""
    d = int(rng.integers(2, 5))
    N = d + int(rng.integers(3, 7))
    Phi, Phi2 = rng.normal(size=(2, N, d))
    term = rng.permutation(np.arange(N) < round(ended * N))
    gamma = float(rng.uniform(0.3, 0.9))
    return Fits(Phi, Phi2, rng.normal(size=N) + 1, gamma, term, rng.normal(size=d), n)


def expect_fits(answer, rng, cases: list[Fits]) -> None:
    """Compare all iterates; terminated rows settle which of several causes it is."""
    evidence = Evidence("the table of iterates")
    for case in cases:
        given = answer(*case.args)
        try:
            evidence.see(given, case.iterate(), lambda case=case, given=given: case.wrong(given))
        except Failed as found:
            if np.shape(as_array(given)) == (case.n, len(case.w0)):
                found.cause = "There is a row for each iteration, and before them the row of w0."
            raise
    spare = [some_fits(rng, ended=0.5, n=2) for _ in range(2)]
    asked = ((answer(*case.args), case) for case in spare)
    settle(evidence, ((given, case.wrong(given)) for given, case in asked))
    evidence.conclude()


@fqi.check(
    "one iteration is one full regression",
    points=1,
    hint="Targets from the old weights, then least squares over all rows.",
)
def _one_fit(answer, rng):
    expect_fits(answer, rng, [some_fits(rng, n=1) for _ in range(20)])


@fqi.check(
    "every iteration starts from the one before; the first row is w0",
    points=1,
    hint="The targets change in every iteration. There are n + 1 rows, also for n = 0.",
)
def _iterations(answer, rng):
    numbers = rng.permutation([0, 2, 3, 4, 5, 6, 8, 12])
    cases = [some_fits(rng, n=int(n)) for n in numbers]
    expect_fits(answer, rng, cases)
    case = some_fits(rng, n=3)
    first, again = answer.repeat(2, *case.args)
    close(
        again,
        array(first, case.iterate().shape),
        what="the table of a second call with the same arrays",
        cause="The arrays handed in are changed: an in-place operation works on them.",
    )


@fqi.check(
    "terminated rows have no future",
    points=0.5,
    hint="(1 - term) stands before the future only.",
)
def _fit_terminated(answer, rng):
    expect_fits(
        answer, rng, [some_fits(rng, ended=float(rng.uniform(0.2, 0.8)), n=3) for _ in range(12)]
    )


@fqi.check(
    "more features than the data can tell apart",
    points=0.5,
    hint="Then many weights fit equally well. A least-squares routine returns one of them; the "
    "normal equations have no unique solution.",
)
def _rank(answer, rng):
    for _ in range(6):
        N, d, n = int(rng.integers(3, 6)), int(rng.integers(7, 10)), int(rng.integers(3, 7))
        Phi = rng.normal(size=(N, d))
        Phi2 = rng.dirichlet(np.ones(N), N) @ Phi  # next states are among the states
        r, gamma, w0 = rng.normal(size=N) + 1, float(rng.uniform(0.3, 0.9)), rng.normal(size=d)
        given = array(answer(Phi, Phi2, r, gamma, np.zeros(N, bool), w0, n), (n + 1, d))
        values: list[Any] = [Phi @ w0]
        P = Phi2 @ np.linalg.pinv(Phi)
        for _ in range(n):
            values.append(r + gamma * (P @ values[-1]))  # every fit is exact
        close(given @ Phi.T, np.array(values), rtol=1e-5, atol=1e-7,
              what="the values of the fitted weights")  # fmt: skip
