"""Plain loops over states, actions and next states."""


def state_dist(mdp, pi, t):
    n_states, n_actions = mdp.R.shape
    d = [float(p) for p in mdp.rho0]
    for _ in range(t):
        after = [0.0] * n_states
        for s in range(n_states):
            for a in range(n_actions):
                for s_next in range(n_states):
                    after[s_next] += d[s] * pi[s, a] * mdp.P[s, a, s_next]
        d = after
    return d
