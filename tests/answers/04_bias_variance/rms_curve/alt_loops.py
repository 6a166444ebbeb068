"""Plain loops over everything, with own walks."""

import numpy as np


def rms_curve(ns, alphas, runs, rng, n_states=19, episodes=10):
    truth = [2 * s / (n_states + 1) - 1 for s in range(1, n_states + 1)]
    errors = np.zeros((len(ns), len(alphas), runs))
    for k in range(runs):
        tables = [[[0.0] * (n_states + 2) for _ in alphas] for _ in ns]
        for _ in range(episodes):
            s = [(n_states + 1) // 2]
            while 0 < s[-1] <= n_states:
                s.append(s[-1] + (1 if rng.random() < 0.5 else -1))
            T, outcome = len(s) - 1, 1.0 if s[-1] else -1.0
            for i, n in enumerate(ns.tolist()):
                for j, alpha in enumerate(alphas.tolist()):
                    V = tables[i][j]
                    for t in range(T):
                        target = V[s[t + n]] if t + n < T else outcome
                        V[s[t]] += alpha * (target - V[s[t]])
                    off = sum((V[x + 1] - truth[x]) ** 2 for x in range(n_states)) / n_states
                    errors[i, j, k] += off**0.5 / episodes
    return errors
