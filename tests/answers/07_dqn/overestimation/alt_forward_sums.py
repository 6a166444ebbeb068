"""Sums the discounted rewards of each state."""

import numpy as np
import torch


def overestimation(q_net, env, gamma, seeds):
    errors = []
    for seed in seeds:
        (obs, _), over, steps = env.reset(seed=seed), False, []
        while not over:
            with torch.no_grad():
                q = q_net(torch.as_tensor(obs)[None])[0]
            obs, reward, terminated, truncated, _ = env.step(int(q.argmax()))
            over = terminated or truncated
            steps.append((float(q.max()), reward))
        r = np.array([reward for _, reward in steps])
        for t, (best, _) in enumerate(steps):
            errors.append(best - r[t:] @ gamma ** np.arange(len(r) - t))
    return np.mean(errors)
