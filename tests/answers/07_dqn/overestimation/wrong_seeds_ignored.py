"""Ignores the seeds.

expects: not given the seeds
"""

import numpy as np
import torch


def overestimation(q_net, env, gamma, seeds):
    errors = []
    for _ in seeds:
        (obs, _), over, steps = env.reset(), False, []
        while not over:
            with torch.no_grad():
                q = q_net(torch.as_tensor(obs)[None])[0]
            obs, reward, terminated, truncated, _ = env.step(int(q.argmax()))
            over = terminated or truncated
            steps.append((float(q.max()), reward))
        G = 0.0
        for best, reward in reversed(steps):
            G = reward + gamma * G
            errors.append(best - G)
    return float(np.mean(errors))
