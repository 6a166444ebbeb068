"""What the parts of a deep training step cost: worlds, acting, replay, twin critics, many MLPs.

    OMP_NUM_THREADS=1 python -m benchmarks.deep_parts

CPU microseconds of one thread, the best of several rounds in which the contestants take turns.
The peers are gymnasium's CartPole and the replay buffer of stable-baselines3. Writes
`benchmarks/deep_parts.md`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import gymnasium
import numpy as np
import torch
from stable_baselines3.common.buffers import ReplayBuffer

from qlib.envs.deep import batch_env
from qlib.nets import Critic, QNetwork, TwinCritic, numpy_policy
from qlib.replay import Replay
from qlib.train.fused import apply_mlp
from qlib.train.packed import Packed

Step = Callable[[], object]
CALLS, ROUNDS = 400, 15


def worlds() -> dict[str, Step]:
    """One step of CartPole with its resets: gymnasium's, one lane, twenty lanes."""
    single = gymnasium.make("CartPole-v1")
    single.reset(seed=0)

    def alone() -> None:
        _, _, terminated, truncated, _ = single.step(1)
        if terminated or truncated:
            single.reset()

    def lanes(n: int) -> Step:
        env, actions = batch_env("CartPole-v1", n), np.ones(n, dtype=int)
        env.reset(range(n))

        def step() -> None:
            env.step(actions)
            if env.ended.any():
                env.reset_lanes(env.ended)

        return step

    return {
        "CartPole step, gymnasium": alone,
        "CartPole step, 1 lane": lanes(1),
        "CartPole step, 20 lanes": lanes(20),
    }


def acting() -> dict[str, Step]:
    """A greedy action of a 2x64 network for one observation."""
    net, obs = QNetwork(4, 2), np.zeros(4, dtype=np.float32)
    policy = numpy_policy(net)

    def through_torch() -> int:
        with torch.no_grad():
            return int(net(torch.from_numpy(obs)[None]).argmax())

    return {
        "greedy action through torch": through_torch,
        "greedy action, numpy_policy": lambda: int(policy(obs).argmax()),
    }


def replay() -> dict[str, Step]:
    """Batches of 64 CartPole transitions: one run, twenty runs, and the peer's buffer."""
    env, rng = gymnasium.make("CartPole-v1"), np.random.default_rng(0)
    peer = ReplayBuffer(
        10_000,
        env.observation_space,
        env.action_space,
        device="cpu",
        handle_timeout_termination=False,
    )
    one, many = Replay(10_000, 4), Replay(10_000, 4, runs=20)
    obs = rng.standard_normal((20, 4)).astype(np.float32)
    each = np.ones(20, dtype=int), np.ones(20), obs, np.zeros(20, dtype=bool)
    single = obs[0], 1, 1.0, obs[0], False
    of_peer = obs[:1], obs[:1], np.array([[1]]), np.ones(1), np.zeros(1, dtype=bool), [{}]
    for _ in range(2_000):
        one.add(*single)
        many.add(obs, *each)
        peer.add(*of_peer)
    return {
        "replay add, stable-baselines3": lambda: peer.add(*of_peer),
        "replay add": lambda: one.add(*single),
        "replay add, 20 runs": lambda: many.add(obs, *each),
        "replay sample of 64, stable-baselines3": lambda: peer.sample(64),
        "replay sample of 64": lambda: one.sample(64, rng),
        "replay sample of 64, 20 runs": lambda: many.sample(64, rng),
    }


def critics() -> dict[str, Step]:
    """Forward and backward of critics 2x64 on a batch of 64."""
    obs, action = torch.randn(64, 3), torch.randn(64, 1)
    first, second, twin = Critic(3, 1), Critic(3, 1), TwinCritic(3, 1)
    return {
        "one critic, forward and backward": lambda: first(obs, action).sum().backward(),
        "two critics one after the other": lambda: (
            first(obs, action).sum() + second(obs, action).sum()
        ).backward(),
        "twin critic": lambda: twin(obs, action).sum().backward(),
    }


def networks() -> dict[str, Step]:
    """Forward and backward of Q-networks 2x64, one and twenty, on a batch of 64 each."""
    nets = [QNetwork(4, 2) for _ in range(20)]
    leaves = list(Packed(nets, transposed=True).stacked.values())
    obs = torch.randn(20, 64, 4)

    def layers() -> None:
        x = obs
        for i in range(0, len(leaves), 2):
            x = torch.baddbmm(leaves[i + 1][:, None], x, leaves[i].transpose(1, 2))
            x = x.relu() if i < len(leaves) - 2 else x
        torch.autograd.grad(x.sum(), leaves)

    def fused() -> None:
        torch.autograd.grad(apply_mlp(obs, leaves, lambda _: True).sum(), leaves)

    return {
        "one network, forward and backward": lambda: nets[0](obs[0]).sum().backward(),
        "20 networks, layer by layer": layers,
        "20 networks as one operation": fused,
    }


def measure(contestants: dict[str, Step]) -> dict[str, float]:
    """CPU microseconds of a call, the best round of each; contestants take turns."""
    best = dict.fromkeys(contestants, float("inf"))
    for _ in range(ROUNDS):
        for name, call in contestants.items():
            begin = time.process_time()
            for _ in range(CALLS):
                call()
            best[name] = min(best[name], (time.process_time() - begin) / CALLS * 1e6)
    return best


def main() -> None:
    """Measure everything and write the table."""
    torch.set_num_threads(1)
    lines = [
        "# Parts of a deep training step",
        "",
        "`OMP_NUM_THREADS=1 python -m benchmarks.deep_parts`; CPU microseconds a call, one thread, "
        f"best of {ROUNDS} rounds.",
        "",
        "| what | µs |",
        "|---|---|",
    ]
    for group in (worlds, acting, replay, critics, networks):
        lines += [f"| {name} | {cost:.1f} |" for name, cost in measure(group()).items()]
    text = "\n".join(lines) + "\n"
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
