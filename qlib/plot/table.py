"""Action values without a grid: a table for all states, bars for one state."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from qlib.plot.canvas import new_axes, set_alt
from qlib.plot.moves import tied_best
from qlib.plot.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    SKY,
    VERMILION,
    WHITE,
    ink,
    names,
    number,
    shades,
    style,
    text_on,
)


@style()
def q_table(
    Q,
    ax: Axes | None = None,
    *,
    states: Sequence[str] | None = None,
    actions: Sequence[str] | None = None,
    title: str | None = None,
    fmt: str = "{:.2f}",
    signed: bool = False,
    vmin: float | None = None,
    vmax: float | None = None,
    greedy: bool = True,
    tol: float = 1e-9,
    name: str = "Q",
) -> Axes:
    """Q as a table: one row a state, one column an action, greedy entries framed and bold.

    Args:
        Q: numbers of shape (S, A) with S <= 40 and A <= 15; NaN is drawn as a dash.
        ax: axes to draw on; a new figure if None.
        states: names of the rows; s0, s1, ... if None.
        actions: names of the columns; a0, a1, ... if None.
        title: text above the table.
        fmt: format of a number.
        signed: a plus before positive numbers, and colours around 0, as for an advantage.
        vmin: lower end of the colour scale.
        vmax: upper end of the colour scale.
        greedy: frame the largest entries of each row, unless the whole row is tied.
        tol: entries this close to the best are tied with it.
        name: what the numbers are, for the alt text.

    Returns:
        The axes.

    Raises:
        ValueError: if Q is not such a table or the names do not fit.
    """
    Q = np.asarray(Q, dtype=float)
    if Q.ndim != 2 or not (1 <= Q.shape[0] <= 40 and 1 <= Q.shape[1] <= 15):
        raise ValueError(
            f"q_table draws an array (S, A) of at most 40 states and 15 actions, got shape "
            f"{Q.shape}. Pass the rows you want to look at, as Q[first:last]."
        )
    S, A = Q.shape
    states, actions = names(states, S, "states", "s"), names(actions, A, "actions", "a")
    margin = 0.3 + 0.095 * max(map(len, states))
    ax = new_axes(ax, (margin + 0.9 * A, 0.42 * S + (0.95 if title else 0.6)))
    cmap, norm = shades(Q, signed=signed, vmin=vmin, vmax=vmax)
    for s in range(S):
        best = tied_best(Q[s], tol)
        if not greedy or (A > 1 and best.all()):
            best[:] = False
        for a in range(A):
            face = WHITE if np.isnan(Q[s, a]) else cmap(norm(Q[s, a]))
            ax.add_patch(Rectangle((a - 0.5, s - 0.5), 1, 1, fc=face, ec=WHITE, lw=1.0))
            if best[a]:
                frame = Rectangle((a - 0.44, s - 0.39), 0.88, 0.78, fill=False, lw=1.8, zorder=3)
                frame.set(ec=text_on(face), gid=f"greedy:{s}:{a}")
                ax.add_patch(frame)
            ax.text(a, s, number(Q[s, a], fmt, signed), ha="center", va="center", fontsize=11,
                    color=text_on(face), weight="bold" if best[a] else "normal",
                    gid=f"q:{s}:{a}", zorder=4)  # fmt: skip
    ax.set(xlim=(-0.5, A - 0.5), ylim=(S - 0.5, -0.5))
    ax.set_xticks(range(A), actions)
    ax.set_yticks(range(S), states)
    ax.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    ax.spines[:].set_visible(False)
    if title:
        ax.set_title(title)
    words = f"Table of {name} with {S} states in rows and {A} actions in columns."
    if np.isfinite(Q).any():
        s, a = np.unravel_index(np.nanargmax(Q), Q.shape)
        words += f" Largest: {number(Q[s, a], fmt, signed)} for {states[s]}, {actions[a]}."
    set_alt(ax, f"{title}. {words}" if title else words)
    return ax


@style()
def bars(
    q,
    ax: Axes | None = None,
    *,
    pi=None,
    actions: Sequence[str] | None = None,
    title: str | None = None,
    fmt: str = "{:.2f}",
    ylabel: str = "Q(s, a)",
) -> Axes:
    """Bars for Q(s, .), a line at V(s) = sum_a pi(a|s) Q(s, a), and A = Q - V as signed arrows.

    Args:
        q: action values of one state, shape (A,), finite.
        ax: axes to draw on; a new figure if None.
        pi: probabilities of the actions in that state, shape (A,); None draws neither V nor A.
        actions: names of the actions; a0, a1, ... if None.
        title: text above.
        fmt: format of a number.
        ylabel: label of the vertical axis.

    Returns:
        The axes.

    Raises:
        ValueError: if a shape does not fit or pi is no distribution.
    """
    q = np.asarray(q, dtype=float)
    if q.ndim != 1 or not q.size or not np.isfinite(q).all():
        raise ValueError(f"q must be finite numbers of shape (A,), got shape {q.shape}: {q}.")
    A = len(q)
    actions = names(actions, A, "actions", "a")
    ax = new_axes(ax, (1.8 + 1.3 * A, 3.4))
    x = np.arange(A)
    span = float(np.ptp([0.0, *q])) or 1.0
    ax.bar(x, q, width=0.46, fc=SKY, ec=BLACK, lw=1.2, zorder=2)
    ax.axhline(0, color=GREY, lw=1.0, zorder=1)
    ax.set_xticks(x, actions)
    ax.set_ylabel(ylabel)
    ax.tick_params(axis="x", length=0)
    V = None if pi is None else _mean(pi, q)
    for k in range(A):
        inside = abs(q[k]) > 0.14 * span
        if inside and V is not None and 0.01 * span < (q[k] - V) * np.sign(q[k]) < 0.12 * span:
            inside = False  # the line of V would strike it through
        up = (q[k] >= 0) != inside  # written above its end, as outside a positive bar
        ax.text(k, q[k] + (0.02 if up else -0.03) * span, number(q[k], fmt), ha="center",
                va="bottom" if up else "top", fontsize=10.5, gid=f"q:{k}", zorder=5)  # fmt: skip
    words = "Bars of Q for " + ", ".join(
        f"{n} {number(v, fmt)}" for n, v in zip(actions, q, strict=True)
    )
    if V is not None:
        ax.plot([-0.5, A - 0.2], [V, V], color=BLUE, ls=(0, (6, 2)), lw=2.2, zorder=3)
        ax.text(A - 0.15, V, f"V = {number(V, fmt)}", color=ink(BLUE), va="center", fontsize=11)
        words += f"; their mean under the policy is V = {number(V, fmt)}"
        for k in range(A):
            words += _advantage(ax, k, q[k] - V, V, 0.085 * span, fmt)
    ax.set_xlim(-0.5, A + (0.35 if V is not None else -0.5))
    ax.margins(y=0.12)
    if title:
        ax.set_title(title)
    set_alt(ax, f"{title + '. ' if title else ''}{words}.")
    return ax


def _mean(pi, q: np.ndarray) -> float:
    """V = sum_a pi(a) q(a), for probabilities that fit."""
    pi = np.asarray(pi, dtype=float)
    if pi.shape != q.shape or pi.min() < -1e-9 or abs(pi.sum() - 1) > 1e-6:
        raise ValueError(f"pi must be probabilities of shape {q.shape}, got {pi.tolist()}.")
    return float(pi @ q)


def _advantage(ax: Axes, k: int, adv: float, V: float, half: float, fmt: str) -> str:
    """Arrow from V to Q beside bar `k`, its signed length in words; `half` a label high."""
    color = GREEN if adv >= 0 else VERMILION
    if abs(adv) > 1e-12:
        look = {"arrowstyle": "-|>", "color": color, "lw": 2, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", (k + 0.32, V + adv), (k + 0.32, V), zorder=4, arrowprops=look)
    text = number(adv, fmt, signed=True)
    # Beside the arrow, but never on the line of V.
    y = V + np.copysign(max(abs(adv) / 2, 1.25 * half), adv)
    ax.text(k + 0.37, y, f"A =\n{text}", ha="left", va="center", fontsize=10, color=ink(color),
            gid=f"advantage:{k}", zorder=5, linespacing=1.0)  # fmt: skip
    return f", A {text}" if k else f"; advantages A {text}"
