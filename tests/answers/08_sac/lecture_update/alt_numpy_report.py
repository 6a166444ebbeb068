"""Gradients by autograd.grad, the targets by a state dict, q as a number of NumPy."""

import torch


def draw(actor, obs, noise):
    mu, log_std = actor(obs)
    return torch.tanh(mu + log_std.exp() * noise)


def lecture_update(agent, batch, cfg):
    def step(opt, net, loss):
        for p, g in zip(
            net.parameters(), torch.autograd.grad(loss, list(net.parameters())), strict=True
        ):
            p.grad = g
        opt.step()

    with torch.no_grad():
        nets = agent.target(batch.next_obs, draw(agent.actor, batch.next_obs, batch.next_noise))
        y = batch.reward + cfg.gamma * torch.where(batch.terminated > 0, 0.0, nets.amin(dim=0))
    errors = agent.critic(batch.obs, batch.action) - y
    step(agent.critic_opt, agent.critic, (errors**2).sum() / len(y))
    q = agent.critic(batch.obs, draw(agent.actor, batch.obs, batch.noise))[0]
    step(agent.actor_opt, agent.actor, -q.mean())
    new, old = agent.critic.state_dict(), agent.target.state_dict()
    agent.target.load_state_dict({k: cfg.tau * new[k] + (1 - cfg.tau) * old[k] for k in old})
    return {"q": q.detach().numpy().mean()}
