"""A for loop whose else branch is the truncation."""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    s = mdp.reset(rng)
    steps, terminated, truncated = [], bool(mdp.terminal[s]), False
    first = s
    if not terminated:
        for _ in range(max_steps):
            a = int(rng.choice(mdp.n_actions, p=pi[s]))
            s_next, r, terminated = mdp.step(s, a, rng)
            steps.append((a, r, s_next))
            s = s_next
            if terminated:
                break
        else:
            truncated = True
    return Episode(
        np.array([first] + [step[2] for step in steps]),
        np.array([step[0] for step in steps]),
        np.array([step[1] for step in steps]),
        terminated,
        truncated,
    )
