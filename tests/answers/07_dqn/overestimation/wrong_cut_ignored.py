"""Waits for `terminated` alone and does not see that the clock has cut the episode.

expects: the episode is over
"""

import numpy as np
import torch


def overestimation(q_net, env, gamma, seeds):
    errors = []
    for seed in seeds:
        (obs, _), over, steps = env.reset(seed=seed), False, []
        while not over:
            with torch.no_grad():
                q = q_net(torch.as_tensor(obs)[None])[0]
            obs, reward, terminated, _, _ = env.step(int(q.argmax()))
            over = terminated
            steps.append((float(q.max()), reward))
        G = 0.0
        for best, reward in reversed(steps):
            G = reward + gamma * G
            errors.append(best - G)
    return float(np.mean(errors))
