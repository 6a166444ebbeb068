"""The argmax of each column.

expects: The best state of each action was looked up
"""


def greedy(Q):
    return Q.argmax(axis=0)
