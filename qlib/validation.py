"""Checks behind `TabularMDP`: faults are found fast and named by state and action."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlib.closed_book import finished_version_of

PROBABILITY_TOL = 1e-9
"""How far the sum of a probability row may be from 1: far above rounding, far below a mistake."""


@finished_version_of("is_valid_mdp")
def validated(
    P: Any, R: ArrayLike, gamma: float, terminal: ArrayLike | None, rho0: ArrayLike | None
) -> tuple[Any, NDArray[np.float64], float, NDArray[np.bool_], NDArray[np.float64]]:
    """Copy, convert, check and freeze the parts of a `TabularMDP`; see there.

    Raises:
        ValueError: at the first fault, naming state and action.
    """
    sparse = hasattr(P, "tocsr") or (
        isinstance(P, list | tuple) and len(P) > 0 and all(hasattr(p, "tocsr") for p in P)
    )
    R = _floats(R, "R")
    if R.ndim != 2 or R.size == 0:
        raise ValueError(
            f"R must have shape (S, A) with S, A >= 1, not {R.shape}. Rewards R[s, a, s'] enter as "
            "their expectation, `(P * R).sum(axis=2)`; rewards R[s] as `R[:, None]`, repeated."
        )
    P = _sparse_rows(P, R.shape) if sparse else _floats(P, "P")
    n_states, n_actions = R.shape
    shape = (n_states * n_actions, n_states) if sparse else (n_states, n_actions, n_states)
    if P.shape != shape:
        raise ValueError(
            f"P must have shape {shape} to fit R of shape {R.shape}, not {P.shape}. "
            "Axes are P[s, a, s'], or rows s * A + a if sparse."
        )
    entries = P.data if sparse else P
    totals = P.sum(axis=-1).reshape(n_states, n_actions)
    # NaN fails both comparisons, and infinity the second: the fast path needs no third look.
    if not (entries.min(initial=0.0) >= 0 and np.abs(totals - 1).max() <= PROBABILITY_TOL):
        raise ValueError(_transition_fault(P, totals))
    if not np.isfinite(R).all():
        s, a = np.argwhere(~np.isfinite(R))[0]
        raise ValueError(f"R[{s}, {a}] = {R[s, a]}: rewards must be finite numbers.")

    if isinstance(gamma, bool | np.bool_) or not np.isscalar(gamma) or not np.isreal(gamma):
        raise ValueError(f"gamma must be a number in [0, 1], not {gamma!r}.")
    gamma = float(gamma)
    if not 0 <= gamma <= 1:
        raise ValueError(f"gamma = {gamma} is outside [0, 1].")

    if terminal is None:
        terminal = np.zeros(n_states, dtype=bool)
    else:
        terminal = np.array(terminal)
        if terminal.shape != (n_states,) or terminal.dtype != bool:
            raise ValueError(
                f"terminal must be a bool array of shape ({n_states},), one entry a state, not "
                f"{terminal.dtype} of shape {terminal.shape}."
            )
        if terminal.any():
            P = _absorbing(P, R, terminal)

    if rho0 is None:
        starts = ~terminal if not terminal.all() else np.ones(n_states, dtype=bool)
        rho0 = starts / starts.sum()
    else:
        rho0 = _floats(rho0, "rho0")
        if rho0.shape != (n_states,):
            raise ValueError(f"rho0 must have shape ({n_states},), not {rho0.shape}.")
        if not (rho0.min() >= 0 and abs(rho0.sum() - 1) <= PROBABILITY_TOL):
            raise ValueError(
                f"rho0 must be a distribution over states: its smallest entry is {rho0.min()}, its "
                f"sum {rho0.sum()}; no entry may be negative and the sum must be 1."
            )

    frozen = (P.data, P.indices, P.indptr) if sparse else (P,)
    for array in (*frozen, R, terminal, rho0):
        array.flags.writeable = False
    return P, R, gamma, terminal, rho0


def _floats(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """A fresh float64 array, C-ordered, or a ValueError that names the argument."""
    if isinstance(values, np.ndarray) and np.iscomplexobj(values):
        raise ValueError(f"{name} must be real, not complex.")
    try:
        return np.array(values, dtype=np.float64, order="C")
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a rectangular array of numbers: {error}.") from error


def _sparse_rows(P: Any, shape: tuple[int, int]) -> Any:
    """The canonical csr_array of shape (S*A, S) from either sparse form."""
    from scipy import sparse

    n_states, n_actions = shape
    if isinstance(P, list | tuple):
        if len(P) != n_actions or any(p.shape != (n_states, n_states) for p in P):
            raise ValueError(
                f"a list of sparse matrices must hold {n_actions} of shape ({n_states}, "
                f"{n_states}), one for each action, not {[p.shape for p in P]}."
            )
        by_action = np.arange(n_states * n_actions).reshape(n_actions, n_states)
        P = sparse.vstack([sparse.csr_array(p) for p in P], format="csr")[by_action.T.ravel()]
    rows = sparse.csr_array(P, dtype=np.float64, copy=True)
    rows.sum_duplicates()
    return rows


def _transition_fault(P: Any, totals: NDArray[np.float64]) -> str:
    """What is wrong with P, in one sentence about one entry."""
    if isinstance(P, np.ndarray):
        values, where = P.ravel(), np.unravel_index
    else:
        coordinates = P.tocoo()
        values = coordinates.data

        def where(k: int, shape: tuple[int, ...]) -> tuple[int, ...]:
            return *divmod(coordinates.row[k], totals.shape[1]), coordinates.col[k]

    for wrong, advice in (
        (~np.isfinite(values), "probabilities must be finite numbers."),
        (values < 0, "a probability cannot be negative; `np.clip(P, 0, None)` repairs rounding."),
    ):
        if wrong.any():
            k = int(np.flatnonzero(wrong)[0])
            s, a, s_next = where(k, P.shape)
            return f"P[{s}, {a}, {s_next}] = {values[k]}: {advice}"
    s, a = np.unravel_index(int(np.abs(totals - 1).argmax()), totals.shape)
    return (
        f"P[{s}, {a}] sums to {totals[s, a]:.12g}, not 1. Whatever action {a} does in state {s}, "
        "some state follows: a forbidden move usually stays where it is."
    )


def _absorbing(P: Any, R: NDArray[np.float64], terminal: NDArray[np.bool_]) -> Any:
    """P with terminal rows exactly absorbing, so that their values are exactly 0.

    Raises:
        ValueError: if a terminal state is left (beyond rounding) or pays.
    """
    n_states, n_actions = R.shape
    ends = np.flatnonzero(terminal)
    if isinstance(P, np.ndarray):
        stay = P[ends, :, ends]  # [number of terminal states, A]
    else:
        row = np.repeat(np.arange(n_states * n_actions), np.diff(P.indptr))
        own = row // n_actions == P.indices
        stay = np.bincount(row[own], P.data[own], n_states * n_actions)
        stay = stay.reshape(n_states, n_actions)[terminal]
    if (np.abs(stay - 1) > PROBABILITY_TOL).any():
        k, a = np.argwhere(np.abs(stay - 1) > PROBABILITY_TOL)[0]
        s = ends[k]
        raise ValueError(
            f"terminal state {s} is left by action {a}: P[{s}, {a}, {s}] = {stay[k, a]:.12g}. "
            "A terminal state is absorbing: set it to 1 and the rest of the row to 0."
        )
    if R[terminal].any():
        k, a = np.argwhere(R[terminal] != 0)[0]
        s = ends[k]
        raise ValueError(
            f"terminal state {s} pays R[{s}, {a}] = {R[s, a]}, but nothing is paid after the end. "
            "Put the reward on the step that enters it."
        )
    if isinstance(P, np.ndarray):
        P[terminal] = 0
        P[ends, :, ends] = 1
    else:
        ended = terminal[row // n_actions]
        P.data[ended] = own[ended]
        P.eliminate_zeros()
    return P
