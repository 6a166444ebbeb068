"""Loops over next states and next actions."""


def fix_4(mdp, pi, s, a):
    total = mdp.R[s, a]
    for s_next in range(mdp.n_states):
        for a_next in range(mdp.n_actions):
            p = mdp.P[s, a, s_next] * pi[s_next, a_next]
            total += mdp.gamma * p * mdp.R[s_next, a_next]
    return float(total)
