"""What the book knows of each chapter: its place in the course, and what its source says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.source import Cell, read_source
from qlib.checks.index import EXERCISES


@dataclass(frozen=True)
class Plan:
    """A chapter's place in the course.

    Attributes:
        name: the assignment.
        title: used where the chapter is left out of a build; else its own heading counts.
        needs: names of the chapters it builds on directly, as its head cell says.
        useful: names of chapters that help, and are not needed.
        points: of the whole chapter, without bonus; None if it is not graded.
    """

    name: str
    title: str
    needs: tuple[str, ...] = ()
    points: float | None = 50.0
    useful: tuple[str, ...] = ()


PLANS = (
    Plan("00_tools", "Tools", (), None),
    Plan("01_mdp", "MDPs, trajectories, returns", ("00_tools",)),
    Plan("02_bellman", "Bellman equations, and why greedy is optimal", ("01_mdp",)),
    Plan("03_fqi", "Q-iteration: with the model, from data, online", ("02_bellman",)),
    Plan(
        "04_bias_variance", "Monte Carlo, TD, n-step: bias and variance", ("01_mdp", "02_bellman")
    ),
    Plan("05_overestimation", "Overestimation, double Q-learning, ensembles", ("03_fqi",)),
    Plan("06_parametric_q", "Parametric Q: semi-gradients, targets, clipping, replay", ("03_fqi",)),
    Plan("07_dqn", "DQN", ("05_overestimation",), useful=("06_parametric_q",)),
    Plan("08_sac", "SAC: without entropy, then with it", ("05_overestimation", "06_parametric_q")),
)


@dataclass(frozen=True)
class Chapter:
    """A written chapter.

    Attributes:
        plan: its place in the course.
        title: its heading, without the number.
        minutes: reading and coding, as its head says; None if it does not say.
        points: what its grade cells and written answers add up to, without bonus.
        bonus: points of exercises whose heading says "Bonus".
        words: words of prose.
        cells: its text source.
    """

    plan: Plan
    title: str
    minutes: int | None
    points: float
    bonus: float
    words: int
    cells: tuple[Cell, ...]

    @property
    def name(self) -> str:
        """The assignment."""
        return self.plan.name

    @property
    def number(self) -> int:
        """The chapter's number, as its name begins."""
        return int(self.name[:2])


def written(root: Path, only: Iterable[str] | None = None) -> list[Chapter]:
    """All chapters that have a source and a place in the index of exercises, in order.

    Args:
        root: the course's folder.
        only: names to keep; all by default.

    Raises:
        ValueError: if `only` names a chapter that is not written.
    """
    known = {plan.name: plan for plan in PLANS}
    for name in EXERCISES:
        known.setdefault(name, Plan(name, name))
    ready = [n for n in sorted(known) if (root / f"solutions/{n}/{n}.py").is_file()]
    ready = [n for n in ready if n in EXERCISES]
    if only is not None:
        unknown = sorted(set(only) - set(ready))
        if unknown:
            raise ValueError(
                f"No chapter is called {', '.join(unknown)}. There are: {', '.join(ready)}."
            )
        ready = [name for name in ready if name in set(only)]
    return [read_chapter(known[name], root) for name in ready]


def read_chapter(plan: Plan, root: Path) -> Chapter:
    """One chapter from its text source.

    Raises:
        ValueError: if it does not start with a heading.
    """
    cells = read_source(root / "solutions" / plan.name / f"{plan.name}.py")
    heading = re.match(r"# (?:\d+ · )?(.+)", cells[0].source) if cells else None
    if not heading:
        raise ValueError(f"{plan.name}: the first cell must start with a heading `# …`.")
    minutes = re.search(r"\*\*Time\*\*\s+(?:about\s+)?(\d+)\s+minutes", cells[0].source)
    points, bonus = _points(cells)
    prose = [c for c in cells if c.cell_type == "markdown" and c.kind != "manual"]
    return Chapter(
        plan=plan,
        title=heading[1].strip(),
        minutes=int(minutes[1]) if minutes else None,
        points=points,
        bonus=bonus,
        words=sum(len(re.sub(r"<!--.*?-->", "", c.source, flags=re.S).split()) for c in prose),
        cells=tuple(cells),
    )


def _points(cells: list[Cell]) -> tuple[float, float]:
    """Points and bonus points of a chapter; a bonus is what stands under a heading "Bonus …"."""
    normal = bonus = 0.0
    extra = False
    for cell in cells:
        heading = re.search(r"^#{2,4} (.*)$", cell.source, re.M) if cell.kind == "task" else None
        if heading:
            extra = "bonus" in heading[1].lower()
        elif cell.points is not None and extra:
            bonus += cell.points
        elif cell.points is not None:
            normal += cell.points
    return normal, bonus
