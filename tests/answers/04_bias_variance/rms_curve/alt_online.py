"""Online, as the book writes it: an update as soon as its n rewards are known."""

import numpy as np


def rms_curve(ns, alphas, runs, rng, n_states=19, episodes=10):
    truth = np.linspace(-1, 1, n_states + 2)[1:-1]
    errors = np.zeros((len(ns), len(alphas), runs))
    for i, n in enumerate(ns.tolist()):
        for k in range(runs):
            V = np.zeros((n_states + 2, len(alphas)))
            for _ in range(episodes):
                s, t, T = [(n_states + 1) // 2], 0, np.inf
                while True:
                    if t < T:
                        s.append(s[-1] + int(rng.integers(0, 2)) * 2 - 1)
                        T = t + 1 if s[-1] in (0, n_states + 1) else T
                    first = t - n + 1
                    if first >= 0:
                        end = first + n
                        G = V[s[end]] if end < T else np.sign(s[T] - 0.5)
                        V[s[first]] += alphas * (G - V[s[first]])
                    t += 1
                    if t - n + 1 >= T:
                        break
                errors[i, :, k] += np.sqrt(((V[1:-1].T - truth) ** 2).mean(axis=1)) / episodes
    return errors
