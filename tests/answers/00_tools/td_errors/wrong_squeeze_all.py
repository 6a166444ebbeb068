"""`squeeze` also removes the batch axis of a batch of one: a number is left.

expects: that of the batch
"""


def td_errors(q, target):
    return target.squeeze() - q.squeeze()
