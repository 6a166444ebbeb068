"""Detaches at the end."""


def dqn_targets(target_net, q_net, batch, gamma, double):
    next_q = target_net(batch.next_obs)
    best = (q_net(batch.next_obs) if double else next_q).argmax(dim=1, keepdim=True)
    value = next_q.gather(1, best).squeeze(1)
    return (batch.reward + gamma * (1 - batch.terminated) * value).detach()
