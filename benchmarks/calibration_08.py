"""Learning of `sac_update` over many seeds, of the reference and of recorded answers.

Worlds, settings, judge and thresholds are those of `grader/exams/nb08_agent.py`. Seeds run side by
side (`qlib.train.many`); the check trains them one by one in environments of its own side.
"""

import functools
import math
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from grader.exams import nb08_agent as exam
from grader.source import read_source
from qlib import nets
from qlib.checks import ToDo, check
from qlib.envs.deep import BatchPointMass1D
from qlib.train import SACConfig, many, train_sac

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = ROOT / "tests" / "answers" / "08_sac" / "sac_update"
ALPHA = 0.02


class Worlds(BatchPointMass1D):
    """A point mass with its own goal and mirrors in each lane.

    Args:
        worlds: one for each lane.
    """

    def __init__(self, worlds: list[exam.World]) -> None:
        super().__init__(len(worlds))
        self.goal = np.array([world.goal for world in worlds])
        self.seen = np.array([world.seen for world in worlds], dtype=np.float32)
        self.pushed = np.array([world.pushed for world in worlds])

    def _move(self, actions: Any) -> Any:
        return super()._move(self.pushed[:, None] * actions)

    def _observe(self) -> Any:
        return self.seen[:, None] * super()._observe()


@functools.cache
def reference() -> Callable:
    """`sac_update` of the notebook's source."""
    names: dict[str, Any] = {"__name__": "notebook", "ToDo": ToDo, "check": check}
    for cell in read_source(ROOT / "solutions/08_sac/08_sac.py"):
        if cell.kind in ("setup", "helper", "answer"):
            exec(compile(cell.source, str(cell), "exec"), names)
    return names["sac_update"]


def update_of(name: str) -> Callable:
    """The reference, or a recorded answer."""
    if name == "reference":
        return reference()
    return runpy.run_path(str(ANSWERS / f"{name}.py"))["sac_update"]


def train(name: str, alpha: float, seeds: list[int]) -> list[dict[str, float]]:
    """Train an answer as the check does; return and standard deviation of each seed."""
    worlds = [exam.World.draw(np.random.default_rng([seed, 8])) for seed in seeds]
    cfg = SACConfig(**exam.LEARN | {"alpha": alpha})
    # One evaluation, after the last step: it may use the lanes of the training.
    options = {"eval_every": cfg.total_steps, "eval_episodes": 1, "progress": False}
    update = update_of(name)
    try:
        runs = many.sac(Worlds(worlds), cfg, seeds, update=update, **options)
        actors = [runs.net(k) for k in range(len(seeds))]
    except TypeError:  # cannot be mapped, and lanes cannot be run one after the other
        actors = [
            train_sac(world.make, cfg, seed, update=update, **options).agent.actor
            for world, seed in zip(worlds, seeds, strict=True)
        ]
    judged = [
        exam.judge(exam.actor_from(nets.state(actor)), world)
        for actor, world in zip(actors, worlds, strict=True)
    ]
    return [{"return": run.world_return, "std": run.std} for run in judged]


RIGHT = ["reference", *sorted(path.stem for path in ANSWERS.glob("alt_*.py"))]
WRONG = sorted(path.stem for path in ANSWERS.glob("wrong_*.py"))
CASES = {
    f"{name}, alpha {alpha:g}": functools.partial(train, name, alpha)
    for names, alphas in ((RIGHT[:1], (ALPHA, 0.0)), (WRONG, (ALPHA,)), (RIGHT[1:], (ALPHA, 0.0)))
    for name in names
    for alpha in alphas
}


def good(case: str, run: dict[str, float]) -> bool:
    """Whether one run is good in the check's sense."""
    if case.endswith("alpha 0"):
        return run["return"] >= exam.LEAST_COLLAPSED and run["std"] <= exam.COLLAPSED
    low, high = exam.STD_RANGE
    return run["return"] >= exam.LEAST_RETURN and low <= run["std"] <= high


def fails(p: float) -> float:
    """Probability that a check fails twice, if one run fails with probability p.

    Two of three runs have to be good; if they are not, three fresh runs decide.
    """
    return (3 * p**2 * (1 - p) + p**3) ** 2


def scale(gain: float) -> float:
    """Return of the policy that pushes with `gain` times the distance to a goal at 0.3."""
    return exam.World(0.3, 1, 1).returns(lambda obs: gain * (0.3 - obs))


def report(rows: dict[str, list[dict[str, float]]]) -> str:
    """The table."""
    lines = [
        "# Learning checks of 08_sac over many seeds",
        "",
        "`python -m benchmarks.calibration 08` (`--seeds N`). Each run: "
        f"{exam.STEPS:,} steps on a point mass with its goal and mirrors drawn afresh.",
        "",
        f"A run with alpha = {ALPHA} is good if its return is at least {exam.LEAST_RETURN} and its "
        f"standard deviation lies in {list(exam.STD_RANGE)}; with alpha = 0 if its return is at "
        f"least {exam.LEAST_COLLAPSED} and its standard deviation at most {exam.COLLAPSED}. Two of "
        "three runs have to be good; if they are not, three fresh ones decide. With the goal at "
        f"0.3 never pushing returns {scale(0.0):.2f}, going straight to the goal {scale(5.0):.2f}.",
        "",
        "| answer | runs | return: worst, median | std: least, median, largest | not good |",
        "|---|---|---|---|---|",
    ]
    for case, runs in rows.items():
        r, s = (np.array([run[key] for run in runs]) for key in ("return", "std"))
        bad = sum(not good(case, run) for run in runs)
        lines.append(
            f"| {case} | {len(runs)} | {r.min():.2f}, {np.median(r):.2f} | "
            f"{s.min():.3f}, {np.median(s):.3f}, {s.max():.3f} | {bad} |"
        )
    lines += ["", "## False alarms", ""]
    for alpha in (ALPHA, 0.0):
        runs = [
            (case, run)
            for case, several in rows.items()
            for run in several
            if case.endswith(f"alpha {alpha:g}") and not case.startswith("wrong")
        ]
        if not runs:
            continue
        n, k = len(runs), sum(not good(case, run) for case, run in runs)
        p = upper_bound(k, n)
        lines.append(
            f"- alpha = {alpha:g}: {k} of {n} runs of right answers are not good, so one run fails "
            f"with p < {p:.3f} (95 % confidence). The check fails with probability "
            f"(3 p^2 (1 - p) + p^3)^2 < {fails(p):.1e}."
        )
    lines += [
        "",
        "What learning does not notice (0 or few runs not good above) is caught by the checks of "
        "single updates, each with its own message: `tests/test_answers.py` runs every recorded "
        "answer against them.",
    ]
    return "\n".join(lines)


def upper_bound(k: int, n: int) -> float:
    """Largest p for which k or fewer of n events have a probability of 5 % (Clopper-Pearson)."""
    low, high = 0.0, 1.0
    for _ in range(60):
        p = (low + high) / 2
        at_most = sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))
        low, high = (p, high) if at_most > 0.05 else (low, p)
    return high
