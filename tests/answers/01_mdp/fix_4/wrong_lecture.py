"""Draws the next action from the policy row of the state before.

expects: asked in s_t instead of in the next state
"""


def fix_4(mdp, pi, s, a):
    return mdp.R[s, a] + mdp.gamma * mdp.P[s, a] @ (mdp.R @ pi[s])
