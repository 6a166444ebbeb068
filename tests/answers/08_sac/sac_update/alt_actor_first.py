"""The actor steps first."""

import math

import torch
from torch.nn.functional import softplus


def sample(actor, obs, noise):
    mu, log_std = actor(obs)
    u = mu + log_std.exp() * noise
    gaussian = -0.5 * noise**2 - log_std - 0.5 * math.log(2 * math.pi)
    squeeze = 2 * (math.log(2) - u - softplus(-2 * u))
    return torch.tanh(u), (gaussian - squeeze).sum(dim=-1)


def sac_update(agent, batch, cfg):
    a, logp = sample(agent.actor, batch.obs, batch.noise)
    q1, q2 = agent.critic(batch.obs, a)
    policy_loss = (agent.alpha * logp - torch.minimum(q1, q2)).mean()
    agent.actor_opt.zero_grad()
    policy_loss.backward()
    agent.actor_opt.step()
    with torch.no_grad():
        a_next, logp_next = sample(agent.actor, batch.next_obs, batch.next_noise)
        q1n, q2n = agent.target(batch.next_obs, a_next)
        value = torch.minimum(q1n, q2n) - agent.alpha * logp_next
        y = batch.reward + cfg.gamma * (1 - batch.terminated) * value
    q1, q2 = agent.critic(batch.obs, batch.action)
    critic_loss = ((q1 - y) ** 2).mean() + ((q2 - y) ** 2).mean()
    agent.critic_opt.zero_grad()
    critic_loss.backward()
    agent.critic_opt.step()
    with torch.no_grad():
        for old, new in zip(agent.target.parameters(), agent.critic.parameters(), strict=True):
            old.copy_(cfg.tau * new + (1 - cfg.tau) * old)
    return {"entropy": -logp.mean().detach()}
