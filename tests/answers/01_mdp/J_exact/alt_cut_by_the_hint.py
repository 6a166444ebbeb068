"""The long sum, cut where gamma^t is below 1e-8, as the hint has it."""


def J_exact(mdp, pi):
    J, weight, d = 0.0, 1.0, mdp.rho0
    while weight > 1e-8:
        J += weight * sum(d[s] * pi[s] @ mdp.R[s] for s in range(mdp.n_states))
        d = sum(d[s] * pi[s] @ mdp.P[s] for s in range(mdp.n_states))
        weight *= mdp.gamma
    return J
