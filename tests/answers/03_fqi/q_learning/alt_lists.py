"""Lists and a Python loop."""


def q_learning(mdp, n_steps, rng, epsilon=1.0, omega=0.7):
    Q = [[0.0] * mdp.n_actions for _ in range(mdp.n_states)]
    N = [[0] * mdp.n_actions for _ in range(mdp.n_states)]
    s = mdp.reset(rng)
    for _ in range(n_steps):
        a = int(rng.random() * mdp.n_actions)
        if rng.random() >= epsilon:
            a = Q[s].index(max(Q[s]))
        s_next, r, terminated = mdp.step(s, a, rng)
        N[s][a] += 1
        alpha = 1 / N[s][a] ** omega
        y = r if terminated else r + mdp.gamma * max(Q[s_next])
        Q[s][a] = (1 - alpha) * Q[s][a] + alpha * y
        s = mdp.reset(rng) if terminated else s_next
    return Q
