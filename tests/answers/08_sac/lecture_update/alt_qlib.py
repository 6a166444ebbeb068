"""Helpers of qlib, and F.mse_loss."""

import torch
from torch.nn.functional import mse_loss

from qlib import train


def draw(actor, obs, noise):
    mu, log_std = actor(obs)
    return torch.tanh(mu + log_std.exp() * noise)


def lecture_update(agent, batch, cfg):
    with torch.no_grad():
        a_next = draw(agent.actor, batch.next_obs, batch.next_noise)
        q1n, q2n = agent.target(batch.next_obs, a_next)
        y = batch.reward + cfg.gamma * (1 - batch.terminated) * torch.minimum(q1n, q2n)
    q1, q2 = agent.critic(batch.obs, batch.action)
    critic_loss = mse_loss(q1, y) + mse_loss(q2, y)
    agent.critic_opt.zero_grad()
    critic_loss.backward()
    agent.critic_opt.step()
    q, _ = agent.critic(batch.obs, draw(agent.actor, batch.obs, batch.noise))
    agent.actor_opt.zero_grad()
    (-q.mean()).backward()
    agent.actor_opt.step()
    train.soft_update(agent.target, agent.critic, cfg.tau)
    return {"q": q.mean().detach()}
