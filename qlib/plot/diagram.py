"""The agent-environment loop, and the timeline of an episode with its indices."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from qlib.plot import marks
from qlib.plot.canvas import new_axes, set_alt
from qlib.plot.style import BLUE, GREY, VERMILION, WHITE, ink, number, style


@style()
def loop(ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """The agent-environment loop: action a_t out, reward r_t and next state s_{t+1} back.

    The reward has the index of the action it belongs to.

    Args:
        ax: axes to draw on; a new figure if None.
        title: text above, or None.

    Returns:
        The axes.
    """
    ax = new_axes(ax, (6.4, 3.0))
    ax.set_axis_off()
    if title:
        ax.set_title(title)
    for x, head, body in (
        (0.0, "Agent", r"policy  $\pi(a\,|\,s)$"),
        (6.2, "Environment", "$P(s'\\,|\\,s,a)$,  $R(s,a)$"),
    ):
        box = FancyBboxPatch((x, 0), 2.6, 1.7, boxstyle="round,pad=0,rounding_size=0.18",
                             fc="#F5F5F5", ec=GREY, lw=1.6)  # fmt: skip
        ax.add_patch(box)
        ax.text(x + 1.3, 1.13, head, ha="center", va="center", fontsize=13, weight="bold")
        ax.text(x + 1.3, 0.55, body, ha="center", va="center", fontsize=11.5)
    pen = {"lw": 2.2, "mutation_scale": 18}
    marks.arrow(ax, (1.3, 1.7), (7.5, 1.7), rad=-0.24, gap=(1, 2), color=BLUE, **pen)
    ax.text(4.4, 2.62, "action  $a_t$", ha="center", va="bottom", fontsize=12.5, color=ink(BLUE))
    marks.arrow(ax, (7.5, 0), (1.3, 0), rad=-0.24, gap=(1, 2), color=VERMILION, ls="--", **pen)
    ax.text(4.4, -1.0, "reward  $r_t$   and next state  $s_{t+1}$", ha="center", va="top",
            fontsize=12.5, color=ink(VERMILION))  # fmt: skip
    ax.text(4.4, 0.85, "then  t ← t + 1", ha="center", va="center", fontsize=11.5, color=GREY)
    ax.set(xlim=(-0.15, 8.95), ylim=(-1.65, 3.25))
    set_alt(ax, f"{title + '. ' if title else ''}Agent-environment loop: the agent sends action "
                "a_t to the environment, which answers with reward r_t and next state s_{t+1}; "
                "then t grows by one.")  # fmt: skip
    return ax


@style()
def timeline(
    ep,
    ax: Axes | None = None,
    *,
    first: int = 0,
    max_steps: int = 6,
    fmt: str = "{:g}",
    states=None,
    actions=None,
    title: str | None = None,
) -> Axes:
    """An episode in time: s_0 a_0 r_0 s_1 ... s_T, with T rewards and T + 1 states.

    Args:
        ep: episode with `s` (T+1,), `a` (T,), `r` (T,), `terminated`, `truncated`.
        ax: axes to draw on; a new figure if None.
        first: index of the first step: 0 as in this course, 1 as in the tutorial.
        max_steps: longer episodes are cut in the middle; at least 2.
        fmt: format of a reward.
        states: names of the states; their numbers if None.
        actions: names of the actions; their numbers if None.
        title: text above, or None.

    Returns:
        The axes.

    Raises:
        ValueError: if the lengths do not belong together.
    """
    s, a, r = check_episode(ep)
    if max_steps < 2:
        raise ValueError(f"max_steps must be at least 2, got {max_steps}.")
    T = len(a)
    shown = list(range(T))
    if max_steps < T:
        shown = [*range(max_steps - 1), T - 1]
    step = 1.9
    width = max(3.2, 1.2 + 0.92 * step * 0.62 * (len(shown) + (max_steps < T)) + 1.2)
    ax = new_axes(ax, (min(width, 11.0), 2.5 + 0.3 * bool(title)))
    ax.set_axis_off()
    ax.set_aspect("equal")
    if title:
        ax.set_title(title)

    def word(given, k):
        return str(k) if given is None else str(given[k])

    x = 0.0
    for n, t in enumerate(shown):
        if n and t != shown[n - 1] + 1:
            ax.text(x + 0.1, 0, "· · ·", ha="center", va="center", fontsize=15)
            x += 0.95
        marks.state(ax, x, 0, 0.34, text=word(states, s[t]))
        ax.text(x, -0.55, f"$s_{{{t + first}}}$", ha="center", va="top", fontsize=12)
        marks.arrow(ax, (x + 0.34, 0), (x + step - 0.34, 0))
        marks.action(ax, x + 0.82, 0, 0.1)
        ax.text(x + 0.82, -0.55, f"$a_{{{t + first}}}$", ha="center", va="top", fontsize=12)
        ax.text(x + 0.82, 0.26, word(actions, a[t]), ha="center", va="bottom", fontsize=10)
        bracket = ((x - 0.1, -0.97), (x - 0.1, -1.05), (x + 0.92, -1.05), (x + 0.92, -0.97))
        ax.plot(*zip(*bracket, strict=True), color=VERMILION, lw=1.5)
        ax.text(x + 0.41, -1.13, f"$r_{{{t + first}}}$ = {number(r[t], fmt)}", ha="center",
                va="top", fontsize=11, color=ink(VERMILION))  # fmt: skip
        x += step
    last = marks.terminal if ep.terminated else marks.state
    last(ax, x, 0, 0.34, fill=WHITE, text=word(states, s[T]))
    end = "terminated" if ep.terminated else "truncated" if ep.truncated else "not over yet"
    ax.text(x, -0.55, f"$s_{{{T + first}}}$", ha="center", va="top", fontsize=12)
    ax.text(x, 0.48, end, ha="center", va="bottom", fontsize=10, weight="bold")
    last_r = T - 1 + first
    count = (
        f"{T} rewards  $r_{{{first}}} … r_{{{last_r}}}$" if T > 1 else f"{T} reward{'s' * (T == 0)}"
    )
    count += f",   {T + 1} states  $s_{{{first}}} … s_{{{T + first}}}$" if T else ",   1 state"
    ax.text(0 - 0.34, 1.12, f"T = {T}:   {count}", ha="left", va="center", fontsize=11.5)
    ax.set(xlim=(-0.5, max(x + 0.95, 3.4)), ylim=(-1.6, 1.4))
    total = number(float(r.sum()), fmt)
    rewards = f"{T} rewards with indices from {first} to {last_r}" if T else "no reward"
    name = f"{title}. " if title else ""
    set_alt(ax, f"{name}Timeline of an episode of T = {T} steps: {rewards}, {T + 1} states with "
                f"indices from {first} to {T + first}; {end}. The rewards add up to "
                f"{total}.")  # fmt: skip
    return ax


def check_episode(ep) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """States, actions and rewards of an episode as arrays.

    Raises:
        ValueError: if something is missing or T states, actions and rewards do not fit together.
    """
    missing = [n for n in ("s", "a", "r", "terminated", "truncated") if not hasattr(ep, n)]
    if missing:
        raise ValueError(f"an episode needs s, a, r, terminated and truncated; missing: {missing}.")
    s, a, r = np.asarray(ep.s), np.asarray(ep.a), np.asarray(ep.r, dtype=float)
    if not (s.ndim == a.ndim == r.ndim == 1 and len(s) == len(a) + 1 == len(r) + 1):
        raise ValueError(
            f"T actions and T rewards need T + 1 states, got shapes s {s.shape}, a {a.shape}, "
            f"r {r.shape}."
        )
    return s, a, r
