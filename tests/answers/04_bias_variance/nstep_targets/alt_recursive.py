"""One reward and then a target with one step less, from the next state; remembers what it knows."""

from functools import cache


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)

    @cache
    def target(t, left):
        if t == T:
            return 0.0 if terminated else float(V[T])
        return float(V[t]) if left == 0 else float(r[t]) + gamma * target(t + 1, left - 1)

    return [target(t, n) for t in range(T)]
