"""Says that every table belongs to the policy.

expects: A table is moved by
"""


def superscript(Q, mdp, pi):
    return "pi"
