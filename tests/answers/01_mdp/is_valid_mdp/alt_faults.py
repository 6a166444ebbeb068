"""Lists the faults one by one, in plain Python; right if there is none."""

import math


def faults(P, R, terminal):
    for s, rows in enumerate(P.tolist()):
        for a, row in enumerate(rows):
            if not all(math.isfinite(p) and p >= 0 for p in row):
                yield "a number that is no probability"
            elif not math.isclose(math.fsum(row), 1, abs_tol=1e-9):
                yield "the sum of a row"
            if not math.isfinite(R[s][a]):
                yield "a reward"
            if terminal[s] and (row[s] != 1 or R[s][a] != 0):
                yield "a terminal state"


def is_valid_mdp(P, R, terminal):
    return next(faults(P, R, terminal), None) is None
