"""An agent as a class, Python's own random numbers, a list as memory, masking by index."""

import random

import torch

from qlib.nets import mlp


class Agent:
    def __init__(self, obs_dim, n_actions, cfg, seed):
        torch.manual_seed(seed)
        self.random, self.cfg, self.memory, self.t = random.Random(seed + 1), cfg, [], 0
        self.n_actions = n_actions
        self.q_net, self.target_net = (mlp([obs_dim, *cfg.hidden, n_actions]) for _ in range(2))
        self.copy()
        self.opt = torch.optim.Adam(self.q_net.parameters(), lr=cfg.learning_rate)

    def copy(self):
        self.target_net.load_state_dict(self.q_net.state_dict())

    def eps(self):
        cfg = self.cfg
        if self.t >= cfg.epsilon_decay_steps:
            return cfg.epsilon_end
        left = 1 - self.t / cfg.epsilon_decay_steps
        return cfg.epsilon_end + (cfg.epsilon_start - cfg.epsilon_end) * left

    def act(self, obs):
        if self.random.random() < self.eps():
            return self.random.randrange(self.n_actions)
        with torch.no_grad():
            return self.q_net(torch.as_tensor(obs)).argmax().item()

    def remember(self, *transition):
        self.memory.append(transition)
        if len(self.memory) > self.cfg.buffer_size:
            del self.memory[0]

    def learn(self):
        cfg = self.cfg
        rows = self.random.choices(self.memory, k=cfg.batch_size)
        obs, action, reward, after, ended = zip(*rows, strict=True)
        obs, after = (torch.stack([torch.as_tensor(x) for x in column]) for column in (obs, after))
        action, y = torch.tensor(action), torch.tensor(reward, dtype=torch.float32)
        goes_on = ~torch.tensor(ended)
        with torch.no_grad():
            judge = self.target_net(after)
            chooser = self.q_net(after) if cfg.double else judge
            value = judge[torch.arange(len(y)), chooser.argmax(1)]
        y[goes_on] += cfg.gamma * value[goes_on]
        error = self.q_net(obs)[torch.arange(len(y)), action] - y
        size = error.abs()
        if cfg.loss == "mse":
            loss = (error**2).mean()
        else:
            loss = torch.where(size < 1, error**2 / 2, size - 0.5).mean()
        self.q_net.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.q_net.parameters(), cfg.max_grad_norm)
        self.opt.step()

    def after_step(self):
        if self.t >= self.cfg.learning_starts and self.t % self.cfg.train_every == 0:
            self.learn()
        self.t += 1
        if self.t % self.cfg.target_update_every == 0:
            self.copy()


def train_dqn(env_fn, cfg, seed):
    env = env_fn()
    obs, _ = env.reset(seed=seed)
    agent = Agent(len(obs), int(env.action_space.n), cfg, seed)
    while agent.t < cfg.total_steps:
        action = agent.act(obs)
        after, reward, terminated, truncated, _ = env.step(action)
        agent.remember(obs, action, reward, after, bool(terminated))
        obs = after
        if terminated or truncated:
            obs, _ = env.reset()
        agent.after_step()
    return agent.q_net
