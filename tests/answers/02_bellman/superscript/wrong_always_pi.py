"""Says that every table belongs to the policy.

expects: Every table gets the word
"""


def superscript(Q, mdp, pi):
    return "pi"
