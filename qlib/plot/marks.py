"""The signs of backup diagrams: open circle state, filled dot action, square terminal."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from qlib.plot.style import BLACK, WHITE


def state(ax: Axes, x: float, y: float, r: float = 0.22, *, fill=WHITE, text="", size=10.0) -> None:
    """An open circle: a state."""
    ax.add_patch(Circle((x, y), r, fc=fill, ec=BLACK, lw=1.8, zorder=3, gid="state"))
    if text:
        ax.text(x, y, text, ha="center", va="center", fontsize=size, zorder=4)


def terminal(
    ax: Axes, x: float, y: float, r: float = 0.22, *, fill=WHITE, text="", size=10.0
) -> None:
    """A square in a square: a terminal state."""
    for k, gid in ((1.0, "terminal"), (0.78, "frame")):
        side = 1.88 * k * r
        box = Rectangle((x - side / 2, y - side / 2), side, side, fc=fill, ec=BLACK, lw=1.6 * k)
        box.set(zorder=3, gid=gid)
        ax.add_patch(box)
    if text:
        ax.text(x, y, text, ha="center", va="center", fontsize=size, zorder=4)


def action(ax: Axes, x: float, y: float, r: float = 0.09) -> None:
    """A filled dot: an action."""
    ax.add_patch(Circle((x, y), r, fc=BLACK, ec=BLACK, zorder=3, gid="action"))


def link(ax: Axes, start, end, **look) -> None:
    """A plain line between two marks."""
    look = {"color": BLACK, "lw": 1.5, "zorder": 1, "solid_capstyle": "round"} | look
    ax.plot([start[0], end[0]], [start[1], end[1]], **look)


def arrow(ax: Axes, start, end, *, rad: float = 0.0, gap=(0.0, 0.0), **look) -> FancyArrowPatch:
    """An arrow from `start` to `end`; `gap` points are left free at its two ends."""
    look = {"color": BLACK, "lw": 1.5, "mutation_scale": 13, "zorder": 2} | look
    patch = FancyArrowPatch(
        start, end, arrowstyle="-|>", connectionstyle=f"arc3,rad={rad}",
        shrinkA=gap[0], shrinkB=gap[1], **look,
    )  # fmt: skip
    ax.add_patch(patch)
    return patch
