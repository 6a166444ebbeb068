"""Double with the roles of the lecture.

expects: The roles are exchanged
"""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        next_q = target_net(batch.next_obs)
        best = next_q.argmax(dim=1, keepdim=True)
        judge = q_net(batch.next_obs) if double else next_q
        value = judge.gather(1, best).squeeze(1)
        return batch.reward + gamma * (1 - batch.terminated) * value
