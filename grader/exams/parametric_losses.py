"""Hidden checks of 06_parametric_q: the TD loss, its gradients, and the loss with both gradients.

Networks are tables here, observations are random weights of their rows, so that values, maxima and
gradients are sums that can be written out. The gradient is seen as the tables after one step with
a random learning rate: what must not move is then compared, too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.exams.evidence import Evidence
from grader.exams.parametric_nets import PROBE, report_of, see, settle
from qlib.checks import AnswerError, Exercise, Failed, array, number

td = Exercise("06_parametric_q/td_loss")
full = Exercise("06_parametric_q/full_gradient_loss")


@dataclass(frozen=True)
class Regression:
    """One call of a loss.

    Attributes:
        tables: of the network, and of the target network unless it is the same one; (S, A).
        batch: the fields of a batch.
        gamma: discount.
        kind: "mse" or "huber".
        lr: step size.
        both: whether the gradient flows through the target, too.
        again: whether the loss is computed twice with the same batch, and the second one counts.
    """

    tables: list[np.ndarray]
    batch: dict[str, np.ndarray]
    gamma: float
    kind: str = "mse"
    lr: float = 0.1
    both: bool = False
    again: bool = False

    @property
    def args(self) -> tuple:
        """What the probe takes."""
        kind = None if self.both else self.kind
        return self.tables, self.batch, self.gamma, kind, self.lr, self.again

    def values(self, name: str, k: int) -> np.ndarray:
        """All values of table k at the observations `name`, (B, A)."""
        return self.batch[name].astype(np.float64) @ self.tables[k].astype(np.float64)

    @property
    def mask(self) -> np.ndarray:
        """1 where the episode goes on, (B,)."""
        return 1.0 - self.batch["terminated"].astype(np.float64)

    def errors(self) -> np.ndarray:
        """Q(s, a) - y, one row after the other, (B,)."""
        now, future = self.values("obs", 0), self.values("next_obs", -1)
        rows = zip(now, future, self.batch["action"], self.batch["reward"], self.mask, strict=True)
        return np.array(
            [q[a] - (float(r) + self.gamma * on * sorted(f)[-1]) for q, f, a, r, on in rows]
        )

    def pieces(self, x: np.ndarray) -> np.ndarray:
        """The loss of each error."""
        if self.kind == "mse":
            return x**2
        return np.where(np.abs(x) <= 1, x**2 / 2, np.abs(x) - 0.5)

    def slopes(self, x: np.ndarray) -> np.ndarray:
        """Its derivative."""
        return 2 * x if self.kind == "mse" else np.clip(x, -1, 1)

    def loss(self) -> float:
        """The mean."""
        return float(self.pieces(self.errors()).mean())

    def stepped(self, *, now: bool = True, target: bool = False) -> list[np.ndarray]:
        """The tables after one step.

        Args:
            now: whether the gradient flows through Q(s, a).
            target: whether it flows through the target.
        """
        slope = self.slopes(self.errors()) / len(self.errors())
        best = self.values("next_obs", -1).argmax(axis=1)
        result = [table.astype(np.float64) for table in self.tables]
        for b, g in enumerate(slope):
            if now:
                push = g * self.batch["obs"][b].astype(np.float64)
                result[0][:, self.batch["action"][b]] -= self.lr * push
            if target:
                push = -self.gamma * self.mask[b] * g * self.batch["next_obs"][b].astype(float)
                result[-1][:, best[b]] -= self.lr * push
        return result

    def clear(self) -> bool:
        """Whether the largest values stand out, so that rounding changes no gradient."""
        ordered = np.sort(self.values("next_obs", -1), axis=1)
        return bool((ordered[:, -1] - ordered[:, -2]).min() > 1e-3)

    def wrong_losses(self) -> dict[str, float]:
        """What typical mistakes give."""
        r, g, m, a = self.batch["reward"], self.gamma, self.mask, self.batch["action"]
        rows = np.arange(len(r))
        now, later = self.values("obs", 0), self.values("next_obs", -1)
        q, best = now[rows, a], later.max(axis=1)
        own = self.values("next_obs", 0)
        y = r + g * m * best

        def mean(x: np.ndarray) -> float:
            return float(self.pieces(x).mean())

        other = replace(self, kind="huber" if self.kind == "mse" else "mse")
        half = "The squared error has a factor ½ in front of it." if self.kind == "mse" else (
            "The Huber loss is twice as large: near 0 it is half of the square."
        )  # fmt: skip
        factor = 0.5 if self.kind == "mse" else 2.0
        result = {
            "The target still contains the future of a terminated step: the mask is missing.": mean(
                q - (r + g * best)
            ),
            "The mask is the wrong way round: only terminated steps keep their future.": mean(
                q - (r + g * (1 - m) * best)
            ),
            "A terminated step loses its reward, too: the mask belongs to the future only.": mean(
                q - m * (r + g * best)
            ),
            "The target comes from the network that learns, not from the target network.": mean(
                q - (r + g * m * own.max(axis=1))
            ),
            "The learning network selects the action: that is double DQN, a later notebook.": mean(
                q - (r + g * m * later[rows, own.argmax(axis=1)])
            ),
            "The two networks are exchanged.": mean(
                self.values("obs", -1)[rows, a] - (r + g * m * own.max(axis=1))
            ),
            "The discount is missing.": mean(q - (r + m * best)),
            "The reward is missing.": mean(q - g * m * best),
            "The future is missing: the target is the reward alone.": mean(q - r),
            "The target takes the mean over the actions instead of the maximum.": mean(
                q - (r + g * m * later.mean(axis=1))
            ),
            "The target takes the smallest value instead of the largest.": mean(
                q - (r + g * m * later.min(axis=1))
            ),
            "The target takes the value of the action of *this* step, not the best one.": mean(
                q - (r + g * m * later[rows, a])
            ),
            "The target is computed at the observation, not at the next one.": mean(
                q - (r + g * m * self.values("obs", -1).max(axis=1))
            ),
            "The largest value of the network is compared, not the one of the action taken.": mean(
                now.max(axis=1) - y
            ),
            "All actions are compared with the target, not only the one taken.": mean(
                (now - y[:, None]).ravel()
            ),
            "The loss is summed over the batch, not averaged.": mean(q - y) * len(r),
            "(B, 1) minus (B,) gives (B, B): each prediction is compared with every target.": mean(
                (q[:, None] - y).ravel()
            ),
            "The search for the largest value begins at 0; all values may be negative.": mean(
                q - (r + g * m * np.maximum(best, 0.0))
            ),
            half: mean(q - y) * factor,
            "This is the root of the mean squared error.": float(np.sqrt(((q - y) ** 2).mean())),
            "This is the mean absolute error.": float(np.abs(q - y).mean()),
            "The kind of loss is ignored or exchanged.": other.loss(),
            "The errors are averaged before they are squared.": float(
                self.pieces(np.array([(q - y).mean()]))[0]
            ),
        }
        if self.again:
            text = "The batch is changed, and used again: what is added in place to the rewards "
            result[text + "stays there."] = mean(q - (y + g * m * best))
        return result


def a_regression(rng, *, B: int = 0, ended: float = 0.0, same: bool = False, **more: Any):
    """A random case whose mutants give different numbers.

    Args:
        rng: source of chance.
        B: size of the batch; 5 to 8 if 0.
        ended: share of terminated steps.
        same: whether the network is its own target.
        more: fields of the case.
    """
    S, A = int(rng.integers(3, 6)), int(rng.integers(3, 6))
    B = B or int(rng.integers(6, 9))
    while True:
        offset = rng.choice([-4.0, -2.5, 3.0])  # also: all values negative
        tables = [rng.normal(size=(S, A)) * 1.5 + offset for _ in range(1 if same else 2)]
        batch = {
            "obs": rng.dirichlet(np.ones(S), B),
            "action": rng.integers(A, size=B),
            "reward": rng.normal(size=B) * 1.5 + 1,
            "next_obs": rng.dirichlet(np.ones(S), B),
            "terminated": rng.permutation(np.arange(B) < round(ended * B)),
        }
        batch = {k: x.astype(np.float32) if x.dtype.kind == "f" else x for k, x in batch.items()}
        if rng.random() < 0.5:
            batch["terminated"] = batch["terminated"].astype(np.float32)
        case = Regression(
            [table.astype(np.float32) for table in tables],
            batch,
            float(rng.uniform(0.4, 0.95)),
            lr=float(rng.uniform(0.1, 0.6)),
            **more,
        )
        far = np.abs(case.errors()) > 1
        if case.clear() and (case.kind == "mse" or B == 1 or 0 < far.mean() < 1):
            return case


def loss_of(said: Any) -> float:
    """The loss that the probe reports: one number."""
    return number(report_of(said, "loss"), what="the loss")


def tables_of(said: Any, case: Regression) -> list[np.ndarray]:
    """The tables after the step.

    Raises:
        Failed: if there was nothing to differentiate.
    """
    given = report_of(said, "tables")
    if not isinstance(given, list) or len(given) != len(case.tables):
        raise Failed(
            "The loss is no tensor that can be differentiated.",
            "It was turned into a plain number: return the tensor itself."
            if isinstance(report_of(said, "loss"), int | float)
            else "It has no graph: it was computed without gradients, detached, or made anew.",
        )
    return [
        array(x, t.shape, what="a table after a step")
        for x, t in zip(given, case.tables, strict=True)
    ]


def expect_losses(answer, cases: list[Regression], spare: Sequence[Regression] = ()) -> None:
    """Compare the values of losses.

    Args:
        answer: the function.
        cases: what is called.
        spare: what is called, too, where several causes explain a wrong answer.
    """
    evidence = Evidence("the loss")
    for case in cases:
        given = loss_of(answer.probe(PROBE + "loss_step", *case.args))
        see(evidence, given, case.loss(), case.wrong_losses)
    asked = ((answer.probe(PROBE + "loss_step", *case.args), case) for case in spare)
    settle(evidence, ((loss_of(said), case.wrong_losses()) for said, case in asked))
    evidence.conclude()


def expect_steps(answer, cases: list[Regression], right: Callable, mistakes: Callable) -> None:
    """Compare the tables after one step.

    Args:
        answer: the function.
        cases: what is called.
        right: case -> tables.
        mistakes: case -> cause -> tables.
    """
    evidence = Evidence("the array of weights after one gradient step")
    for case in cases:
        said = answer.probe(PROBE + "loss_step", *case.args)
        given, want = np.stack(tables_of(said, case)), np.stack(right(case))
        see(
            evidence,
            given,
            want,
            lambda case=case: {text: np.stack(x) for text, x in mistakes(case).items()},
        )
    evidence.conclude()


def wrong_steps(case: Regression) -> dict[str, list[np.ndarray]]:
    """Tables after a step with a wrong gradient."""
    steps = case.stepped(now=True, target=False)
    result = {
        "The weights do not move: the prediction was detached, too.": case.stepped(now=False),
        "The gradient flows through the target, not through the prediction.": case.stepped(
            now=False, target=True
        ),
    }
    if len(case.tables) == 1:
        text = (
            "The gradient flows through the target, too: that is the full (residual) gradient. "
            "Stop it at the target, even if both networks are the same."
        )
    else:
        text = (
            "The target network moves: the gradient flows into the target. Stop it there, the "
            "target is a constant."
        )
    result[text] = case.stepped(target=True)
    start = [table.astype(np.float64) for table in case.tables]
    for text, factor in (
        ("The gradient is half as long: is there a factor ½ in front of the loss?", 0.5),
        ("The gradient is twice as long.", 2.0),
        ("The gradient is summed over the batch, not averaged.", float(len(case.mask))),
    ):
        result[text] = [a + factor * (b - a) for a, b in zip(start, steps, strict=True)]
    return result


@td.check(
    "the mean squared error",
    points=2,
    hint="One value a row for the action taken; the target from the target network's best action.",
)
def _mse(answer, rng):
    spare = [a_regression(rng, ended=0.5) for _ in range(2)]
    expect_losses(answer, [a_regression(rng) for _ in range(12)], spare)


@td.check(
    "the Huber loss",
    points=1,
    hint="Half the square up to 1, then a straight line with slope 1.",
)
def _huber(answer, rng):
    spare = [a_regression(rng, kind="huber", ended=0.5) for _ in range(2)]
    expect_losses(answer, [a_regression(rng, kind="huber") for _ in range(12)], spare)


@td.check(
    "the semi-gradient moves the network",
    points=2,
    hint="The gradient of Q(s, a), times the slope of the loss, averaged over the batch.",
)
def _gradient(answer, rng):
    kinds = rng.permutation(["mse"] * 5 + ["huber"] * 3)
    cases = [a_regression(rng, kind=str(kind)) for kind in kinds]

    evidence = Evidence("the array of weights after one gradient step")
    for case in cases:
        given = tables_of(answer.probe(PROBE + "loss_step", *case.args), case)[0]
        want = case.stepped()[0]
        mistakes = lambda case=case: {  # noqa: E731
            text: x[0] for text, x in wrong_steps(case).items() if "target network" not in text
        }
        see(evidence, given, want, mistakes)
    evidence.conclude()


@td.check(
    "the target stands still, also when both networks are one",
    points=2,
    hint="The target is a constant for the gradient, whichever network it comes from.",
)
def _stopped(answer, rng):
    for same in (False, True):
        cases = [a_regression(rng, same=same) for _ in range(6)]
        expect_steps(answer, cases, Regression.stepped, wrong_steps)


@td.check(
    "a terminated step has no future, and keeps its reward",
    points=2,
    hint="(1 - terminated) stands before the future only. It may come as bool or as float.",
)
def _mask(answer, rng):
    shares = rng.permutation([0.3, 0.5, 0.5, 0.7, 0.7, 0.4, 0.6, 1.0])
    kinds = rng.permutation(["mse"] * 6 + ["huber"] * 2)
    cases = [
        a_regression(rng, ended=float(p), kind=str(k)) for p, k in zip(shares, kinds, strict=True)
    ]
    expect_losses(answer, cases)


@td.check(
    "a batch of one, and the same batch twice",
    points=1,
    hint="No axis may disappear because its length is 1. Whoever needs the batch again finds it as "
    "it was.",
)
def _one(answer, rng):
    cases = [a_regression(rng, B=1, kind=str(k)) for k in rng.permutation(["mse", "huber"] * 3)]
    try:
        expect_losses(answer, cases)
    except AnswerError as error:
        if error.kind == "raised" and copes(answer, [a_regression(rng), a_regression(rng)]):
            error.message += (
                " Only a batch of one stops it: an axis has disappeared because its length is 1."
            )
        raise
    cases = [a_regression(rng, kind=str(k)) for k in rng.permutation(["mse", "huber"] * 2)]
    if copes(answer, cases):
        expect_losses(answer, [replace(case, again=True) for case in cases])


def copes(answer, cases: list[Regression]) -> bool:
    """Whether these losses are right."""
    try:
        expect_losses(answer, cases)
    except (AnswerError, Failed):
        return False
    return True


def both_steps(case: Regression) -> list[np.ndarray]:
    """Tables after a step with the full gradient."""
    return case.stepped(target=True)


def wrong_both(case: Regression) -> dict[str, list[np.ndarray]]:
    """Tables after a step with a wrong gradient, where both are asked for."""
    result = {
        "The gradient stops at the target: that is the semi-gradient.": case.stepped(),
        "The gradient flows through the target only.": case.stepped(now=False, target=True),
        "The weights do not move.": case.stepped(now=False),
    }
    start, steps = case.tables[0].astype(np.float64), both_steps(case)[0]
    result["The gradient is half as long: is there a factor ½ in front of the loss?"] = [
        start + 0.5 * (steps - start)
    ]
    return result


@full.check(
    "value and full gradient",
    points=1.5,
    hint="The gradient flows through prediction and target: nothing is detached.",
)
def _full(answer, rng):
    cases = [a_regression(rng, same=True, both=True) for _ in range(10)]
    spare = [a_regression(rng, same=True, both=True, ended=0.5) for _ in range(2)]
    expect_losses(answer, cases[:5], spare)
    expect_steps(answer, cases, both_steps, wrong_both)


@full.check(
    "a terminated step has no future",
    points=0.5,
    hint="(1 - terminated) stands before the future only.",
)
def _full_mask(answer, rng):
    cases = [a_regression(rng, same=True, both=True, ended=0.5) for _ in range(6)]
    cases.append(a_regression(rng, same=True, both=True, ended=1.0, B=1))
    expect_losses(answer, cases)
