"""Error bounds that hold in floating point, for the solvers.

A bound that only accounts for stopping early is not guaranteed: rounding, and probability rows
that sum to 1 only almost, add to it. Both are small and both are counted here.
"""

from dataclasses import dataclass

import numpy as np

UNIT = 2.0**-53  # largest relative error of one rounded operation


@dataclass(frozen=True)
class Rounding:
    """How far computed backups R + gamma P V can be from the exact ones.

    Attributes:
        gamma: discount.
        n_terms: largest number of successors of a row, plus the number of rounded operations
            behind each probability, if it was computed.
        row_error: largest |computed sum of a row - 1|.
        r_max: largest |reward|.
    """

    gamma: float
    n_terms: int
    row_error: float
    r_max: float

    @property
    def defect(self) -> float:
        """Largest |sum of a row - 1|, rounded up."""
        return self.row_error + 2 * self.n_terms * UNIT

    @property
    def contraction(self) -> float:
        """The largest row sum times gamma, rounded up."""
        return self.gamma * (1 + self.defect) + 4 * UNIT

    def backup(self, v_max: float) -> float:
        """Largest error of one entry of R + gamma P V, for |V| <= v_max.

        Zeros add no error. Each product is rounded twice, the sum n_terms times and the addition
        of R once (Higham 2002, section 3.1; the factor 1.01 covers second order).
        """
        return 1.01 * (self.n_terms + 4) * UNIT * (self.gamma * v_max + self.r_max)


def span_bounds(
    lo: float, hi: float, v_max: float, rounding: Rounding
) -> tuple[float, float, float]:
    """MacQueen's bounds for V*, from one backup: lo <= TV - V <= hi.

    V* lies between TV + gamma lo / (1 - gamma) and TV + gamma hi / (1 - gamma). The middle of the
    two is wrong by at most gamma (hi - lo) / (2 (1 - gamma)), however far V itself is off.

    MacQueen 1966; Puterman 1994, theorem 6.6.3 and corollary 6.6.4.

    Args:
        lo: smallest computed TV - V.
        hi: largest.
        v_max: largest |V| or |TV|.
        rounding: of the backup.

    Returns:
        `(shift, error, loss)`: V = TV + shift has max|V - V*| <= error, the same holds for Q, and
        the greedy policy loses at most `loss`. Both are infinite if gamma is within rounding of 1.
    """
    gamma, factor = rounding.gamma, rounding.contraction
    shift = gamma / (1 - gamma) * (lo + hi) / 2
    if factor >= 1:
        return shift, np.inf, np.inf
    # W = V + shift / gamma has TW = TV + shift; everything below is about W.
    backup = rounding.backup(v_max) + abs(shift) * rounding.defect
    residual = (hi - lo) / 2 + backup + 8 * UNIT * max(abs(lo), abs(hi))
    error = factor / (1 - factor) * residual + backup + 2 * UNIT * (v_max + abs(shift))
    loss = 2 * factor / (1 - factor) * residual + 2 * backup / (1 - factor)
    return shift, error * (1 + 1e-12), loss * (1 + 1e-12)
