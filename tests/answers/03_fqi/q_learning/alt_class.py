"""An agent with a memory, and a loop that drives it."""

import numpy as np


class Agent:
    def __init__(self, shape, gamma, epsilon, omega, rng):
        self.Q, self.N = np.zeros(shape), np.zeros(shape, dtype=int)
        self.gamma, self.epsilon, self.omega, self.rng = gamma, epsilon, omega, rng

    def act(self, s):
        if self.rng.random() >= self.epsilon:
            return int(self.rng.choice(np.flatnonzero(self.Q[s] == self.Q[s].max())))
        return int(self.rng.choice(self.Q.shape[1]))

    def learn(self, s, a, r, s_next, terminated):
        self.N[s, a] += 1
        error = r - self.Q[s, a]
        if not terminated:
            error += self.gamma * self.Q[s_next].max()
        self.Q[s, a] += self.N[s, a] ** (-self.omega) * error


def q_learning(mdp, n_steps, rng, epsilon=1.0, omega=0.7):
    agent, s = Agent(mdp.R.shape, mdp.gamma, epsilon, omega, rng), None
    for _ in range(n_steps):
        s = mdp.reset(rng) if s is None else s
        a = agent.act(s)
        s_next, r, terminated = mdp.step(s, a, rng)
        agent.learn(s, a, r, s_next, terminated)
        s = None if terminated else s_next
    return agent.Q
