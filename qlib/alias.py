"""Alias tables: draw from many different distributions at once, in constant time a draw.

Row n of a table holds K equally likely cells. Cell j is split at `split[n, j]`: below it the draw
is j itself, above it `other[n, j]`. One uniform number picks the cell and the side.

Walker 1977; the construction in one sweep over light and heavy cells, done here for all rows side
by side, is in Huebschle-Schneider & Sanders 2022, "Parallel Weighted Random Sampling", section 3.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


def alias_tables(
    probs: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Alias tables of N distributions over K outcomes.

    Args:
        probs: (N, K), rows >= 0 with sum 1; zeros are allowed and are never drawn.

    Returns:
        `(split, other)`, both (N, K): outcome j is drawn with probability
        (split[j] + the sum of 1 - split[i] over all i with other[i] = j) / K.
    """
    n_rows, n_cells = probs.shape
    rows = np.arange(n_rows)
    weight = probs * (n_cells / probs.sum(1, keepdims=True))
    order = np.argsort(weight, axis=1)
    n_light = (weight < 1).sum(1)
    split = np.ones((n_rows, n_cells))
    other = np.tile(np.arange(n_cells), (n_rows, 1))

    light = np.zeros(n_rows, dtype=np.intp)  # position in `order` of the next light cell
    heavy = np.minimum(n_light, n_cells - 1)  # position of the heavy cell that gives now
    left = weight[rows, order[rows, heavy]]  # what that heavy cell still has
    for _ in range(n_cells - 1):
        fills = (left >= 1) & (light < n_light)  # it fills up the next light cell ...
        passes = (left < 1) & (heavy < n_cells - 1)  # ... or became light: the next one fills it
        n = rows[fills]
        giver, taker = order[n, heavy[n]], order[n, light[n]]
        split[n, taker] = weight[n, taker]
        other[n, taker] = giver
        left[n] += weight[n, taker] - 1
        light[n] += 1
        n = rows[passes]
        giver, taker = order[n, heavy[n] + 1], order[n, heavy[n]]
        split[n, taker] = left[n]
        other[n, taker] = giver
        left[n] += weight[n, giver] - 1
        heavy[n] += 1
    return split, other  # what is left over by rounding keeps split 1


@dataclass(frozen=True)
class Draws:
    """N distributions over labelled outcomes, ready to be drawn from.

    A draw from row n is a *slot*, an index into flat tables: `table.take(slot)` is the label.

    Attributes:
        n_cells: K, cells in a row (the largest number of outcomes of any row).
        split: cell number + split point, (N*K,), to be compared with K times a uniform number.
        outcome: index of the outcome in the arrays the tables were built from, (2*N*K,).
    """

    n_cells: int
    split: NDArray[np.float64]
    outcome: NDArray[np.intp]

    @classmethod
    def of(cls, row: NDArray[np.intp], probs: NDArray[np.float64], n_rows: int) -> "Draws":
        """Build tables from outcomes listed row by row.

        Args:
            row: the distribution each outcome belongs to, (M,), non-decreasing; every row occurs.
            probs: probabilities, (M,), > 0.
            n_rows: N.
        """
        counts = np.bincount(row, minlength=n_rows)
        first = np.cumsum(counts) - counts
        cell = np.arange(len(row)) - first[row]
        n_cells = int(counts.max())
        padded = np.zeros((n_rows, n_cells))
        padded[row, cell] = probs
        split, other = alias_tables(padded)
        own = np.minimum(np.arange(n_cells), counts[:, None] - 1)  # padding is never drawn
        pair = np.stack([own, np.take_along_axis(own, other, 1)], axis=2)  # [N, K, 2]
        outcome = (first[:, None, None] + pair).ravel()
        return cls(n_cells, (split + np.arange(n_cells)).ravel(), outcome)

    def draw(self, row: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.intp]:
        """One slot for each entry of `row`, (n,)."""
        u = rng.random(row.shape)
        u *= self.n_cells
        slot = u.astype(np.intp)
        slot += row * self.n_cells
        above = u >= self.split.take(slot)
        slot += slot
        slot += above
        return slot


def nonzero_transitions(mdp: Any) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """`(s * A + a, s', P[s, a, s'])` of all transitions that can happen, row by row."""
    if mdp.is_sparse:
        entries = mdp.P.tocoo()
        kept = entries.data > 0
        row, s_next = entries.row[kept].astype(np.intp), entries.col[kept].astype(np.intp)
        return row, s_next, entries.data[kept]
    row, s_next = np.nonzero(mdp.transition_matrix)
    return row, s_next, mdp.transition_matrix[row, s_next]
