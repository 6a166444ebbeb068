"""Overwrites the rewards with the returns.

expects: changes the array it was given
"""


def discounted_returns(r, gamma, last_value=0.0):
    if r.dtype.kind != "f":
        r = r.astype(float)
    g = last_value
    for t in reversed(range(len(r))):
        g = r[t] + gamma * g
        r[t] = g
    return r
