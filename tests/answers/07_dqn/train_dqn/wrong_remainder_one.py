"""Copies where the remainder is 1, which never is if target_update_every = 1.

expects: so here in each
"""

import copy

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812

from qlib.nets import mlp
from qlib.replay import Replay


def update(q_net, target_net, opt, batch, cfg):
    with torch.no_grad():
        next_q = target_net(batch.next_obs)
        chooser = q_net(batch.next_obs) if cfg.double else next_q
        value = next_q.gather(1, chooser.argmax(dim=1, keepdim=True)).squeeze(1)
        y = batch.reward + cfg.gamma * (1 - batch.terminated) * value
    q = q_net(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    loss = F.mse_loss(q, y) if cfg.loss == "mse" else F.smooth_l1_loss(q, y)
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(q_net.parameters(), cfg.max_grad_norm)
    opt.step()


def act(q_net, obs, t, cfg, rng):
    gone = min(1.0, t / cfg.epsilon_decay_steps) if cfg.epsilon_decay_steps else 1.0
    eps = cfg.epsilon_start + (cfg.epsilon_end - cfg.epsilon_start) * gone
    with torch.no_grad():
        q = q_net(torch.as_tensor(obs)[None])[0]
    return int(rng.integers(len(q))) if rng.random() < eps else int(q.argmax())


def train_dqn(env_fn, cfg, seed):
    torch.manual_seed(seed)
    env, rng = env_fn(), np.random.default_rng([seed, 1])
    obs, _ = env.reset(seed=seed)
    q_net = mlp([len(obs), *cfg.hidden, int(env.action_space.n)])
    target_net = copy.deepcopy(q_net)
    opt = torch.optim.Adam(q_net.parameters(), cfg.learning_rate)
    buffer = Replay(cfg.buffer_size, len(obs))
    for t in range(cfg.total_steps):
        action = act(q_net, obs, t, cfg, rng)
        next_obs, reward, terminated, truncated, _ = env.step(action)
        buffer.add(obs, action, reward, next_obs, terminated)
        obs = env.reset()[0] if terminated or truncated else next_obs
        if t >= cfg.learning_starts and t % cfg.train_every == 0:
            update(q_net, target_net, opt, buffer.sample(cfg.batch_size, rng), cfg)
        if t % cfg.target_update_every == 1:
            target_net.load_state_dict(q_net.state_dict())
    return q_net
