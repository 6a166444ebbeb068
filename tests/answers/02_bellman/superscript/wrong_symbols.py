"""Returns a symbol that is not among the four words.

expects: not one of the four words
"""


def superscript(Q, mdp, pi):
    return "*"
