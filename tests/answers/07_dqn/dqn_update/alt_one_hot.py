"""Picks the taken action by a mask; Huber with a threshold."""

import torch
import torch.nn.functional as F  # noqa: N812


def targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        next_q = target_net(batch.next_obs)
        best = (q_net(batch.next_obs) if double else next_q).argmax(dim=1, keepdim=True)
        value = next_q.gather(1, best).squeeze(1)
        return batch.reward + gamma * (1 - batch.terminated) * value


def dqn_update(q_net, target_net, opt, batch, cfg):
    y = targets(target_net, q_net, batch, cfg.gamma, cfg.double)
    n_actions = q_net(batch.obs).shape[1]
    picked = F.one_hot(batch.action, n_actions)
    q = (q_net(batch.obs) * picked).sum(dim=1)
    loss = F.mse_loss(q, y) if cfg.loss == "mse" else F.huber_loss(q, y, delta=1.0)
    opt.zero_grad()
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(q_net.parameters(), cfg.max_grad_norm)
    opt.step()
    return {"loss": loss.detach(), "q": q.detach().mean(), "grad_norm": norm}
