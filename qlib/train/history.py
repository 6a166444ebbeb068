"""What a run records, and the line that it shows meanwhile."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNS = {"epsilon": "ε", "alpha": "α", "q": "Q"}


@dataclass
class History:
    """Points of a learning curve: after `steps[i]` steps the greedy policy earned `returns[i]`.

    Attributes:
        steps: environment steps, whole numbers.
        returns: episode returns of the greedy policy on held-out seeds, each (n_episodes,) or,
            of many runs, (n_runs, n_episodes).
        log: name -> means, since the point before, of what the update returned (NaN where no
            update was made).
    """

    steps: list[int] = field(default_factory=list)
    returns: list[NDArray[np.float64]] = field(default_factory=list)
    log: dict[str, list[Any]] = field(default_factory=dict)
    _sums: dict[str, Any] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def add(self, values: Mapping[str, Any] | None) -> None:
        """Take in what one update returned: 0-dim tensors or numbers."""
        for name, value in (values or {}).items():
            value = value.detach() if hasattr(value, "detach") else value
            self._sums[name] = self._sums[name] + value if name in self._sums else value
            self._counts[name] = self._counts.get(name, 0) + 1

    def means(self) -> dict[str, Any]:
        """Means of what came in since the last point."""
        means = {}
        for name, total in self._sums.items():
            total = total.cpu().numpy() if hasattr(total, "cpu") else np.asarray(total)
            means[name] = np.asarray(total, dtype=np.float64) / self._counts[name]
        return means

    def point(self, step: int, returns: NDArray[np.float64]) -> None:
        """Close a point of the curve."""
        means = self.means()
        for name in [*self.log, *means]:
            row = self.log.setdefault(name, [np.nan] * len(self.steps))
            if len(row) == len(self.steps):
                row.append(means.get(name, np.nan))
        self.steps.append(int(step))
        self.returns.append(np.asarray(returns, dtype=np.float64))
        self._sums.clear()
        self._counts.clear()

    def state(self) -> dict[str, Any]:
        """Plain data, also of what no point holds yet."""
        sums = {
            name: np.array(value.cpu().numpy() if hasattr(value, "cpu") else value)
            for name, value in self._sums.items()
        }
        log = {name: np.array(row, dtype=np.float64) for name, row in self.log.items()}
        return {
            "steps": list(self.steps),
            "returns": np.array(self.returns),
            "log": log,
            "sums": sums,
            "counts": dict(self._counts),
        }

    @classmethod
    def restored(cls, state: dict[str, Any], as_sum: Any) -> History:
        """The history of a `state()`; `as_sum` makes of an array what `add` sums up."""
        return cls(
            [int(step) for step in state["steps"]],
            list(state["returns"]),
            {name: list(row) for name, row in state["log"].items()},
            {name: as_sum(value) for name, value in state["sums"].items()},
            dict(state["counts"]),
        )


class Progress:
    """One line that shows how a run goes; silent under grading.

    In a notebook the line is one output that is replaced, so that saving and reopening keeps its
    last state. On a terminal it is rewritten in place; elsewhere only the last line is printed.

    Args:
        name: what runs.
        total: steps at the end.
        shown: False for silence; None decides by `NBGRADER_EXECUTION`.
        start: steps that a resumed run has behind it.
    """

    def __init__(self, name: str, total: int, shown: bool | None = None, start: int = 0) -> None:
        self.name, self.total, self.start = name, total, start
        grading = bool(os.environ.get("NBGRADER_EXECUTION"))
        self.shown = not grading if shown is None else bool(shown)
        self.begin = self.last = time.monotonic()
        self.handle: Any = None
        self.line = ""
        self.notebook = self.shown and _in_notebook()

    def due(self) -> bool:
        """Whether a quarter of a second has passed since the line was last shown."""
        return self.shown and time.monotonic() - self.last > 0.25

    def show(self, step: int, values: Mapping[str, Any], end: bool = False) -> None:
        """Show the line: bar, steps, values, speed."""
        if not self.shown:
            return
        self.last = time.monotonic()
        full = int(20 * step / self.total) if self.total else 20
        speed = (step - self.start) / max(self.last - self.begin, 1e-9)
        parts = [f"{step:,}/{self.total:,} steps"]
        parts += [f"{SIGNS.get(k, k)} {_short(v)}" for k, v in values.items()]
        parts.append(f"{speed:,.0f} steps/s")
        line = f"{self.name} {'█' * full}{'░' * (20 - full)} " + " · ".join(parts)
        self._write(line, end)

    def _write(self, line: str, end: bool) -> None:
        if self.notebook:
            from IPython.display import display

            data = {"text/plain": line}
            if self.handle is None:
                self.handle = display(data, raw=True, display_id=True)
            else:
                self.handle.update(data, raw=True)
        elif sys.stderr.isatty():
            pad = " " * max(0, len(self.line) - len(line))
            sys.stderr.write(f"\r{line}{pad}" + ("\n" if end else ""))
            sys.stderr.flush()
        elif end:
            print(line)
        self.line = line


def _in_notebook() -> bool:
    """Whether a Jupyter kernel runs this."""
    shell = sys.modules.get("IPython")
    shell = shell.get_ipython() if shell else None
    return shell is not None and hasattr(shell, "kernel")


def _short(value: Any) -> str:
    """A number, or the mean over seeds, in four digits."""
    value = np.asarray(value, dtype=np.float64)
    number = float(value.mean())
    text = "–" if math.isnan(number) else f"{number:.3g}" if abs(number) < 1e4 else f"{number:.2e}"
    return text
