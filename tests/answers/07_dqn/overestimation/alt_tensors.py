"""Tensors throughout."""

import torch


def overestimation(q_net, env, gamma, seeds):
    total, n = torch.zeros(()), 0
    for seed in seeds:
        obs, _ = env.reset(seed=seed)
        values, rewards, over = [], [], False
        while not over:
            value, action = q_net(torch.as_tensor(obs)[None]).detach()[0].max(dim=0)
            obs, r, terminated, truncated, _ = env.step(action.item())
            values.append(value)
            rewards.append(r)
            over = terminated or truncated
        G = 0.0
        for value, r in zip(values[::-1], rewards[::-1], strict=True):
            G = r + gamma * G
            total, n = total + value - G, n + 1
    return total / n
