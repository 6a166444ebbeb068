"""Python's max over all entries."""


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def sup(table):
    return max(abs(float(x)) for x in table.ravel())


def c1(mdp, Q1, Q2):
    return sup(optimal_backup(Q1, mdp) - optimal_backup(Q2, mdp)), mdp.gamma * sup(Q1 - Q2)
