"""Returns values of states.

expects: values of states
"""


def q_from_v(V, mdp):
    return (mdp.R + mdp.gamma * mdp.P @ V).max(axis=1)
