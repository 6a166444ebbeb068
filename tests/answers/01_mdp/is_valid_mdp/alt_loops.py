"""Plain loops over states and actions."""

import math


def is_valid_mdp(P, R, terminal):
    n_states, n_actions = len(P), len(P[0])
    for s in range(n_states):
        for a in range(n_actions):
            row = [float(p) for p in P[s][a]]
            if any(not p >= 0 for p in row) or not abs(sum(row) - 1) < 1e-6:
                return False
            if not math.isfinite(R[s][a]):
                return False
            if terminal[s] and (abs(row[s] - 1) > 1e-6 or R[s][a] != 0):
                return False
    return True
