"""Always Huber.

expects: asks for the other one
"""

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
    q = q_net(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    loss = F.smooth_l1_loss(q, y)
    opt.zero_grad()
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(q_net.parameters(), cfg.max_grad_norm)
    opt.step()
    return {"loss": loss.detach(), "q": q.detach().mean(), "grad_norm": norm}
