"""The transition matrix with one row a pair."""


def q_from_v(V, mdp):
    return mdp.R + mdp.gamma * (mdp.transition_matrix @ V).reshape(mdp.R.shape)
