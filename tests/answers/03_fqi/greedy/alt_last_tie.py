"""The last of tied actions."""


def greedy(Q):
    return Q.shape[1] - 1 - Q[:, ::-1].argmax(axis=1)
