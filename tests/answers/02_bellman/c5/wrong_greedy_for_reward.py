"""Makes the policy greedy for the reward.

expects: looks at the reward only
"""

from qlib import solve


def c5(mdp, pi):
    old = solve.policy_evaluation(mdp, pi)
    return old.V, solve.policy_evaluation(mdp, mdp.R.argmax(axis=1)).V
