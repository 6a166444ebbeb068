"""The chain on pairs as one matrix."""


def bellman_pi(Q, mdp, pi):
    S, A = Q.shape
    chain = (mdp.P[:, :, :, None] * pi).reshape(S * A, S * A)
    return (mdp.R.ravel() + mdp.gamma * chain @ Q.ravel()).reshape(S, A)
