"""Returns the mean of the target.

expects: mean of the target, not its distance
"""


def nstep_bias(P, r, V, gamma, n):
    m = V
    for _ in range(n):
        m = r + gamma * P @ m
    return m
