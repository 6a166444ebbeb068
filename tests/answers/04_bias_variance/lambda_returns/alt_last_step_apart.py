"""The last step by hand, then a list backwards."""


def lambda_returns(r, V, gamma, lam, terminated):
    last = r[-1] if terminated else r[-1] + gamma * V[-1]
    out = [last]
    for reward, value in zip(r[-2::-1], V[-2:0:-1], strict=True):
        out.append(reward + gamma * (1 - lam) * value + gamma * lam * out[-1])
    return out[::-1]
