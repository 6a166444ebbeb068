"""Directions of actions, and which actions are tied for the best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qlib.closed_book import finished_version_of

UP_RIGHT_DOWN_LEFT = ("up", "right", "down", "left")
# Unit vectors (column, row); rows grow downwards.
STEP = {"up": (0, -1), "right": (1, 0), "down": (0, 1), "left": (-1, 0), "stay": (0, 0)}


def check_actions(actions: Sequence[str], allowed: Sequence[str] = tuple(STEP)) -> list[str]:
    """Directions of the actions, in the order of their indices.

    Raises:
        ValueError: if a name is unknown or given twice.
    """
    given = [str(a).lower() for a in actions]
    if not given or len(set(given)) != len(given) or not set(given) <= set(allowed):
        raise ValueError(f"actions must be different names out of {list(allowed)}, got {actions}.")
    return given


@finished_version_of("greedy", "greedy_probs", "eps_greedy_probs")
def tied_best(q: np.ndarray, tol: float = 1e-9) -> np.ndarray:
    """Mask of the actions within `tol` of the best, relative to the size of the numbers.

    Args:
        q: action values of one state, shape (A,); NaN never is best.
        tol: tolerance, at least 0.

    Returns:
        Bool array of shape (A,); all False if every entry is NaN.
    """
    if np.isnan(q).all():
        return np.zeros(q.shape, dtype=bool)
    best = np.nanmax(q)
    return q >= best - (tol * max(1.0, abs(best)) if np.isfinite(best) else 0.0)
