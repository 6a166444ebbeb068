"""The actor steps first."""

import torch


def draw(actor, obs, noise):
    mu, log_std = actor(obs)
    return torch.tanh(mu + log_std.exp() * noise)


def lecture_update(agent, batch, cfg):
    q, _ = agent.critic(batch.obs, draw(agent.actor, batch.obs, batch.noise))
    agent.actor_opt.zero_grad()
    (-q.mean()).backward()
    agent.actor_opt.step()
    with torch.no_grad():
        a_next = draw(agent.actor, batch.next_obs, batch.next_noise)
        q1n, q2n = agent.target(batch.next_obs, a_next)
        y = batch.reward + cfg.gamma * (1 - batch.terminated) * torch.minimum(q1n, q2n)
    q1, q2 = agent.critic(batch.obs, batch.action)
    critic_loss = ((q1 - y) ** 2).mean() + ((q2 - y) ** 2).mean()
    agent.critic_opt.zero_grad()
    critic_loss.backward()
    agent.critic_opt.step()
    with torch.no_grad():
        for old, new in zip(agent.target.parameters(), agent.critic.parameters(), strict=True):
            old.copy_(cfg.tau * new + (1 - cfg.tau) * old)
    return {"q": q.mean().detach()}
