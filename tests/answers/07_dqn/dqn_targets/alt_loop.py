"""One transition after the other."""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    y = []
    for r, s, d in zip(batch.reward, batch.next_obs, batch.terminated, strict=True):
        judge = target_net(s[None]).detach()[0]
        chooser = q_net(s[None]).detach()[0] if double else judge
        y.append(float(r) if d else float(r) + gamma * float(judge[chooser.argmax()]))
    return torch.tensor(y)
