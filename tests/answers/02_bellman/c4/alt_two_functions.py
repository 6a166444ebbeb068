"""One function for each kind of table."""

import numpy as np

from qlib import solve


def loss_of(mdp, Q):
    greedy = np.eye(mdp.n_actions)[Q.argmax(axis=1)]
    return (solve.policy_iteration(mdp).V - solve.policy_evaluation(mdp, greedy).V).max()


def c4_v(mdp, V):
    Q = solve.q_from_v(V, mdp)
    residual = np.abs(Q.max(axis=1) - V).max()
    return loss_of(mdp, Q), 2 * mdp.gamma * residual / (1 - mdp.gamma)


def c4_q(mdp, Q):
    residual = np.abs(solve.bellman_opt(Q, mdp) - Q).max()
    return loss_of(mdp, Q), 2 * residual / (1 - mdp.gamma)


def c4(mdp, table):
    return c4_v(mdp, table) if len(np.shape(table)) == 1 else c4_q(mdp, table)
