"""Only the states that can follow."""


def fix_4(mdp, pi, s, a):
    states, probs = mdp.successors(s, a)
    later = sum(p * (pi[z] @ mdp.R[z]) for z, p in zip(states, probs, strict=True))
    return mdp.R[s, a] + mdp.gamma * later
