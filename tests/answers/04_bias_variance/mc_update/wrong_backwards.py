"""Goes through the episode from its end and updates on the way.

expects: reverse order of time
"""


def mc_update(V, ep, alpha, gamma, first_visit):
    V, G = V.copy(), 0.0
    for t in reversed(range(len(ep.r))):
        G = ep.r[t] + gamma * G
        if not first_visit or ep.s[t] not in ep.s[:t]:
            V[ep.s[t]] += alpha * (G - V[ep.s[t]])
    return V
