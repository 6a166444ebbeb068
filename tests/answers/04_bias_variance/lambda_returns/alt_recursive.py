"""A function that calls itself on the rest of the episode."""


def lambda_returns(r, V, gamma, lam, terminated):
    after = 0.0 if terminated else V[-1]
    if len(r) == 1:
        return [r[0] + gamma * after]
    rest = lambda_returns(r[1:], V[1:], gamma, lam, terminated)
    return [r[0] + gamma * (V[1] + lam * (rest[0] - V[1])), *rest]
