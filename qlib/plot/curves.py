"""Learning curves: the mean over seeds with an interval that has a name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from scipy.special import stdtrit

from qlib.plot.canvas import new_axes, set_alt
from qlib.plot.style import LINES, ink, number, style


@style()
def curves(
    runs: Mapping[str, np.ndarray],
    x=None,
    ax: Axes | None = None,
    *,
    interval: str = "t",
    level: float = 0.95,
    xlabel: str = "step",
    ylabel: str = "value",
    title: str | None = None,
    log: bool = False,
    seed: int = 0,
    note: str | None = None,
) -> Axes:
    """Mean of each method over its seeds, with an interval of that mean and names at the ends.

    A line above the axes names the number of seeds and the interval.

    Args:
        runs: for each name the runs, shape (n_runs, n_points) or (n_points,) for a single one;
            at most 8 names; finite.
        x: horizontal positions, shape (n_points,); 0, 1, ... if None. With different numbers of
            points: a mapping from each name to its positions.
        ax: axes to draw on; a new figure if None.
        interval: "t" (Student's interval of the mean), "bootstrap" (percentiles of 2,000
            resampled means) or "none".
        level: confidence of the interval, in (0, 1).
        xlabel: horizontal quantity with its unit.
        ylabel: vertical quantity with its unit.
        title: text above.
        log: logarithmic vertical axis.
        seed: seed of the bootstrap.
        note: what the line above the axes says instead, for curves that are no seeds' means.

    Returns:
        The axes.

    Raises:
        ValueError: if shapes do not fit, numbers are not finite or an option is unknown.
    """
    if interval not in ("t", "bootstrap", "none"):
        raise ValueError(f'interval must be "t", "bootstrap" or "none", got {interval!r}.')
    if not 0 < level < 1:
        raise ValueError(f"level must lie in (0, 1), got {level}.")
    if not isinstance(runs, Mapping) or not 1 <= len(runs) <= len(LINES):
        raise ValueError(f"runs must map 1 to {len(LINES)} names to arrays of runs.")
    table = {str(name): _runs(name, y) for name, y in runs.items()}
    ax = new_axes(ax, (7.0, 3.8))
    rng = np.random.default_rng(seed)
    ends, words, bands = [], [], 0
    for k, (name, y) in enumerate(table.items()):
        color, dash, marker = LINES[k]
        at = _positions(x, name, y.shape[1])
        mean = y.mean(axis=0)
        if interval != "none" and len(y) > 1:
            low, high = mean_interval(y, interval, level, rng)
            ax.fill_between(at, low, high, color=color, alpha=0.18, lw=0, gid=f"band:{name}")
            bands += 1
        every = (0.04 * k, 0.16) if len(at) > 12 else None
        ax.plot(at, mean, color=color, ls=dash, marker=marker, ms=5.5, mec="white", mew=0.6,
                markevery=every, gid=f"line:{name}")  # fmt: skip
        ends.append((at[-1], mean[-1], name, color))
        words.append(f"{name} ends at {number(mean[-1], '{:.3g}')}")
    if log:
        ax.set_yscale("log")
    ax.grid(axis="y")
    ax.set_xlabel(xlabel)
    counts = sorted({len(y) for y in table.values()})
    many = str(counts[0]) if len(counts) == 1 else f"{counts[0]}–{counts[-1]}"
    kind = {"t": "t-interval", "bootstrap": "bootstrap interval"}.get(interval, "")
    how = f"mean of {many} seeds" if counts[-1] > 1 else "1 seed, no interval"
    if bands:
        how += f", {100 * level:g}% {kind}"
    how = how if note is None else note
    ax.set_ylabel(ylabel)
    ax.set_title(title or "", pad=22)
    ax.text(0, 1.025, how, transform=ax.transAxes, fontsize=9.5, va="bottom", gid="interval")
    _end_labels(ax, ends)
    set_alt(ax, f"{title + '. ' if title else ''}Curves of {ylabel} against {xlabel} ({how}): "
                f"{'; '.join(words)}.")  # fmt: skip
    return ax


def mean_interval(
    y: np.ndarray, kind: str, level: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Interval of the mean over runs, point by point.

    Args:
        y: runs, shape (n_runs, n_points), at least 2 runs.
        kind: "t" or "bootstrap".
        level: confidence in (0, 1).
        rng: source of the resamples.

    Returns:
        Lower and upper ends, each of shape (n_points,).
    """
    n = len(y)
    if kind == "t":
        half = stdtrit(n - 1, (1 + level) / 2) * y.std(axis=0, ddof=1) / np.sqrt(n)
        return y.mean(axis=0) - half, y.mean(axis=0) + half
    weights = rng.multinomial(n, np.full(n, 1 / n), size=2_000) / n  # [2000, n_runs]
    low, high = np.quantile(weights @ y, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high


def _runs(name, y) -> np.ndarray:
    y = np.asarray(y, dtype=float)
    y = y[None] if y.ndim == 1 else y
    if y.ndim != 2 or 0 in y.shape:
        raise ValueError(f"runs[{name!r}] must have shape (n_runs, n_points), got {y.shape}.")
    if not np.isfinite(y).all():
        run, point = np.argwhere(~np.isfinite(y))[0]
        raise ValueError(
            f"runs[{name!r}] has {y[run, point]} in run {run} at point {point}: "
            "cut the runs before it, or plot their logarithm."
        )
    return y


def _positions(x, name: str, n: int) -> np.ndarray:
    x = x.get(name) if isinstance(x, Mapping) else x
    x = np.arange(n) if x is None else np.asarray(x, dtype=float)
    if x.shape != (n,):
        raise ValueError(f"x has shape {x.shape}, but {name!r} has {n} points.")
    return x


def spread(wanted: np.ndarray, gap: float) -> np.ndarray:
    """Positions at least `gap` apart, in the same order, close to the wanted ones.

    Args:
        wanted: positions, shape (n,).
        gap: smallest distance, at least 0.

    Returns:
        Positions of shape (n,): the least-squares solution (isotonic regression).
    """
    order = np.argsort(wanted, kind="stable")
    shift = gap * np.arange(len(wanted))
    blocks: list[list[float]] = []  # [mean, count]: pool neighbours that would cross
    for z in np.asarray(wanted, dtype=float)[order] - shift:
        blocks.append([z, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            z2, n2 = blocks.pop()
            z1, n1 = blocks.pop()
            blocks.append([(z1 * n1 + z2 * n2) / (n1 + n2), n1 + n2])
    out = np.empty(len(wanted))
    out[order] = np.concatenate([[z] * n for z, n in blocks]) + shift
    return out


def _end_labels(ax: Axes, ends: list[tuple[float, float, str, str]]) -> None:
    """Names to the right of the lines, moved apart where they would overlap.

    A line that stops early has its name at its end: a leader across the plot looks like data.
    """
    ax.margins(x=0.02)
    ax.autoscale_view()
    left, right = ax.get_xlim()
    early = [end for end in ends if end[0] < max(x for x, *_ in ends) - 0.05 * (right - left)]
    for x, y, name, color in early:
        ax.annotate(name, (x, y), xytext=(7, 0), textcoords="offset points", va="center",
                    fontsize=10.5, color=ink(color), gid=f"label:{name}")  # fmt: skip
    ends = [end for end in ends if end not in early]
    low, high = ax.get_ylim()
    forth, back = ax.transAxes.inverted(), ax.transData
    wanted = np.array([forth.transform(back.transform((x, y)))[1] for x, y, *_ in ends])
    ax.set_ylim(low, high)
    height = ax.get_window_extent().height * 72 / ax.get_figure(root=True).dpi
    gap = 15.5 / height  # points: a line of text, and room for the layout to shrink the axes
    where = spread(wanted, gap)
    where += max(0.0, -where.min()) - max(0.0, where.max() - 1.0)
    for (x, y, name, color), to in zip(ends, where, strict=True):
        leader = {"arrowstyle": "-", "color": color, "lw": 0.9, "relpos": (0, 0.5), "shrinkB": 3}
        ax.annotate(name, (x, y), xytext=(1.035, to), textcoords="axes fraction", va="center",
                    fontsize=10.5, color=ink(color), annotation_clip=False, arrowprops=leader,
                    gid=f"label:{name}")  # fmt: skip
