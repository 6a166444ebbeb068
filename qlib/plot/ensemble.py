"""How a target is made from many critics: one number for each action, then the best action."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from qlib.plot import marks
from qlib.plot.canvas import new_axes, set_alt
from qlib.plot.style import BLACK, GREY, PALE, SKY, VERMILION, WHITE, ink, names, number, style

MODES = ("min", "mean", "subset")


@style()
def ensemble(
    Qs,
    ax: Axes | None = None,
    *,
    mode: str = "min",
    idx: Sequence[int] | None = None,
    actions: Sequence[str] | None = None,
    target: float | None = None,
    title: str | None = None,
    fmt: str = "{:.1f}",
) -> Axes:
    """K critics at one next state, combined action by action; then the best action counts.

    Read from top to bottom: one row a critic; the row "min" or "mean" takes one number from each
    column; its largest entry, framed, goes into the target. In a subset the other critics are grey.

    Args:
        Qs: values of the critics at s', shape (K, A) with K <= 12 and A <= 8.
        ax: axes to draw on; a new figure if None.
        mode: "min", "mean" or "subset" (the min over the critics `idx`).
        idx: the critics of a subset.
        actions: names of the columns; a0, a1, ... if None.
        target: the target, written below the rows; left out if None.
        title: text above, or None.
        fmt: format of a number.

    Returns:
        The axes.

    Raises:
        ValueError: for another shape or mode, or a subset without `idx`.
    """
    Qs = np.asarray(Qs, dtype=float)
    if Qs.ndim != 2 or not (1 <= Qs.shape[0] <= 12 and 1 <= Qs.shape[1] <= 8):
        raise ValueError(f"ensemble draws values (K, A), K <= 12 and A <= 8, not {Qs.shape}.")
    if mode not in MODES or (mode == "subset" and idx is None):
        raise ValueError(
            f"mode must be one of {', '.join(MODES)}; a subset needs idx; got {mode!r}."
        )
    K, A = Qs.shape
    used = sorted(set(idx)) if mode == "subset" else list(range(K))
    combined = Qs.mean(axis=0) if mode == "mean" else Qs[used].min(axis=0)
    best, row = int(combined.argmax()), K + 1.0
    actions = names(actions, A, "actions", "a")
    ax = new_axes(ax, (1.5 + 0.85 * A, 0.42 * (K + 4) + 0.3 * bool(title)))
    ax.set_axis_off()
    ax.set(xlim=(-1.75, A - 0.4), ylim=(row + 2.1, -1.1))
    for a in range(A):
        ax.text(a, -0.8, actions[a], ha="center", va="center", fontsize=11)
        for k in range(K):
            taken = k in used and (mode == "mean" or Qs[k, a] == combined[a])
            face = SKY if taken and mode != "mean" else PALE if k in used else WHITE
            _cell(
                ax,
                a,
                k,
                number(Qs[k, a], fmt),
                face,
                BLACK if k in used else GREY,
                taken and mode != "mean",
            )
        marks.arrow(ax, (a, K - 0.45), (a, row - 0.45), color=GREY)
        _cell(
            ax, a, row, number(combined[a], fmt), SKY if mode != "mean" else PALE, BLACK, a == best
        )
    frame = Rectangle((best - 0.46, row - 0.42), 0.92, 0.84, fill=False, ec=VERMILION, lw=2.4)
    frame.set(zorder=5, gid=f"best:{best}")
    ax.add_patch(frame)
    for k in range(K):
        color = BLACK if k in used else GREY
        ax.text(-0.65, k, f"critic {k}", ha="right", va="center", fontsize=10.5, color=color)
    over = {"min": f"min over {K}", "mean": f"mean over {K}", "subset": f"min over {len(used)}"}[
        mode
    ]
    ax.text(-0.65, row, over, ha="right", va="center", fontsize=10.5, weight="bold")
    words = f"then max over actions: {number(combined[best], fmt)}"
    if target is not None:
        words += f",  target {number(target, '{:.2f}')}"
    ax.text(A - 0.5, row + 1.2, words, ha="right", va="center", fontsize=11, color=ink(VERMILION))
    if title:
        ax.set_title(title, fontsize=11.5)
    which = f" {used}" if mode == "subset" else ""
    set_alt(ax, f"{title + '. ' if title else ''}{K} critics with {A} actions each; the {over} "
                f"critics{which} for each action is "
                f"{', '.join(number(x, fmt) for x in combined)}; {words}, for action "
                f"{actions[best]}.")  # fmt: skip
    return ax


def _cell(ax: Axes, x: float, y: float, text: str, face: str, color: str, bold: bool) -> None:
    box = Rectangle((x - 0.44, y - 0.4), 0.88, 0.8, fc=face, ec=color, lw=1.0, zorder=3)
    ax.add_patch(box)
    ax.text(x, y, text, ha="center", va="center", fontsize=11, color=color, zorder=4,
            weight="bold" if bold else "normal")  # fmt: skip
