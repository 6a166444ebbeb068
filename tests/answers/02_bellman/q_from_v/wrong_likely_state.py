"""Goes to the most likely next state.

expects: most likely next state
"""


def q_from_v(V, mdp):
    return mdp.R + mdp.gamma * V[mdp.P.argmax(axis=2)]
