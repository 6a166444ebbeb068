"""The running maximum starts at 0.

expects: all values are negative
"""


def greedy(Q):
    policy = []
    for row in Q:
        best, action = 0.0, 0
        for a, q in enumerate(row):
            if q > best:
                best, action = q, a
        policy.append(action)
    return policy
