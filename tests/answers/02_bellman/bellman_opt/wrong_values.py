"""Returns the best value of each state.

expects: values of states
"""


def bellman_opt(Q, mdp):
    return (mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)).max(axis=1)
