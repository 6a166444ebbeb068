"""Colours with a second cue, and text that can be read on any of them."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.colors import Colormap, Normalize, TwoSlopeNorm, to_rgb

# Okabe-Ito. The first group reaches about 3:1 on white and may draw lines; the second only fills.
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, YELLOW = "#E69F00", "#56B4E9", "#F0E442"
BLACK, WHITE, GREY, PALE = "#000000", "#FFFFFF", "#595959", "#EDEDED"

# Line number i has its own colour, dash pattern and marker: two cues survive black-and-white print.
LINES: tuple[tuple[str, str | tuple, str], ...] = (
    (BLUE, "-", "o"),
    (VERMILION, (0, (6, 2)), "s"),
    (GREEN, (0, (1.2, 1.4)), "^"),
    (PURPLE, (0, (6, 2, 1.2, 2)), "D"),
    (BLACK, (0, (3, 1.5)), "v"),
    (BLUE, (0, (8, 2, 1.2, 2, 1.2, 2)), "P"),
    (VERMILION, (0, (2, 3)), "X"),
    (GREEN, (0, (10, 3)), "*"),
)

VALUE_CMAP, SIGNED_CMAP = "cividis", "PuOr"

_RC = {
    "figure.facecolor": WHITE,
    "figure.dpi": 100,
    "savefig.facecolor": "auto",
    "savefig.transparent": False,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 11,
    "mathtext.fontset": "dejavusans",
    "text.color": BLACK,
    "text.usetex": False,
    "axes.facecolor": WHITE,
    "axes.edgecolor": GREY,
    "axes.labelcolor": BLACK,
    "axes.labelsize": 11,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": "#D9D9D9",
    "grid.linewidth": 0.8,
    "lines.linewidth": 2.0,
    "xtick.color": BLACK,
    "ytick.color": BLACK,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "hatch.linewidth": 1.0,
    "path.simplify": True,
}


def style():
    """House style as a context or decorator; the reader's own settings stay as they are."""
    return mpl.rc_context(_RC)


def luminance(color) -> float:
    """Relative luminance of a colour in [0, 1] (WCAG 2.2, 1.4.3)."""
    rgb = np.asarray(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(first, second) -> float:
    """Contrast ratio of two colours, from 1 (equal) to 21 (black on white)."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def text_on(background) -> str:
    """Black or white, whichever reads better on `background`; the ratio is at least 4.5."""
    return BLACK if contrast(BLACK, background) >= contrast(WHITE, background) else WHITE


def ink(color, background=WHITE, ratio: float = 4.5) -> str:
    """`color`, darkened until text in it reaches `ratio` on a light `background`."""
    rgb = np.asarray(to_rgb(color))
    while contrast(rgb, background) < ratio and rgb.max() > 0.02:
        rgb = rgb * 0.96
    return mpl.colors.to_hex(rgb)


def shades(
    x: np.ndarray, *, signed: bool = False, vmin: float | None = None, vmax: float | None = None
) -> tuple[Colormap, Normalize]:
    """Colour map and scale for the finite numbers in `x`.

    Args:
        x: numbers of any shape; NaN is ignored.
        signed: `PuOr` with white at 0 and equal arms, instead of `cividis`.
        vmin: lower end of the scale; the smallest number if None.
        vmax: upper end of the scale; the largest number if None.

    Raises:
        ValueError: if `vmin` is not below `vmax`.
    """
    x = np.asarray(x, dtype=float)
    finite = x[np.isfinite(x)]
    low = float(finite.min()) if vmin is None and finite.size else (vmin or 0.0)
    high = float(finite.max()) if vmax is None and finite.size else (vmax or 0.0)
    if vmin is not None and vmax is not None and not vmin < vmax:
        raise ValueError(f"vmin must be below vmax, got vmin={vmin} and vmax={vmax}.")
    if signed:
        arm = max(abs(low), abs(high)) or 1.0
        # The darkest eighth of PuOr is cut off: numbers stay easy to read there.
        return mpl.colormaps[SIGNED_CMAP], TwoSlopeNorm(0.0, -arm * 1.15, arm * 1.15)
    if not low < high:  # all equal: the middle of the scale, not a division by zero
        low, high = low - 1.0, high + 1.0
    return mpl.colormaps[VALUE_CMAP], Normalize(low, high)


def number(x: float, fmt: str = "{:.2f}", signed: bool = False) -> str:
    """`x` as text: a true minus sign, no negative zero, an en dash for NaN, a plus if `signed`."""
    if np.isnan(x):
        return "–"
    if np.isinf(x):
        return "∞" if x > 0 else "−∞"
    text = fmt.format(x)
    if not any(c in text for c in "123456789"):
        return text.replace("-", "").replace("+", "")
    plus = "+" if signed and x > 0 and not text.startswith("+") else ""
    return plus + text.replace("-", "−")


def names(given: Sequence[str] | None, n: int, what: str, prefix: str) -> list[str]:
    """Check `n` names, or make them: `prefix` with the index.

    Raises:
        ValueError: if the number of names is not `n`.
    """
    if given is None:
        return [f"{prefix}{i}" for i in range(n)]
    if isinstance(given, str) or len(given) != n:
        raise ValueError(f"{what} must name {n} things, got {given!r}.")
    return [str(name) for name in given]
