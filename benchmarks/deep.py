"""DQN and SAC measured beside stable-baselines3, and CleanRL where a checkout is given.

    python -m benchmarks.deep                       everything
    python -m benchmarks.deep --parts speed         one part: speed, returns, cartpole, pendulum
    python -m benchmarks.deep --cleanrl DIR         CleanRL's scripts from a checkout, too
    python -m benchmarks.deep --quick               small, not judged, not written: does it run?

Each part stores what it measured in `deep.json`; `deep.md` is written from that file. Contestants
take turns, each in one process of its own (`qlib` asks the C library to keep freed memory, which
would serve the others, too) and one thread; what counts is CPU seconds. Ratios are medians over
turns.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch

from qlib import train
from qlib.train import many

HOME = Path(__file__).with_suffix(".json")
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
SEEDS = 20
PARTS = ("speed", "returns", "cartpole", "pendulum")

DQN = train.DQNConfig(
    total_steps=20_000,
    gamma=0.99,
    learning_rate=1e-3,
    batch_size=64,
    buffer_size=50_000,
    learning_starts=300,
    train_every=1,
    target_update_every=200,
    epsilon_decay_steps=2_000,
)
SAC = train.SACConfig(
    total_steps=6_000,
    gamma=0.99,
    hidden=(64, 64),
    learning_rate=1e-3,
    batch_size=64,
    learning_starts=300,
    tau=0.005,
    alpha=1.0,
    auto_alpha=True,
)
WIDE = {"hidden": (256, 256)}


def ordinary_dqn_update(q_net, target_net, opt, batch, cfg):
    """DQN's update as a learner writes it, in ordinary torch."""
    with torch.no_grad():
        value = target_net(batch.next_obs).max(dim=1).values
        y = batch.reward + cfg.gamma * (1 - batch.terminated) * value
    q = q_net(batch.obs).gather(1, batch.action.unsqueeze(1)).squeeze(1)
    loss = torch.nn.functional.smooth_l1_loss(q, y)
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(q_net.parameters(), cfg.max_grad_norm)
    opt.step()
    return {"loss": loss.item(), "q": q.detach().mean()}


def ordinary_sac_update(agent, batch, cfg):
    """SAC's update as a learner writes it, in ordinary torch."""
    with torch.no_grad():
        a, logp = train.sample_tanh_gaussian(*agent.actor(batch.next_obs), batch.next_noise)
        q1, q2 = agent.target(batch.next_obs, a)
        value = torch.minimum(q1, q2) - agent.alpha * logp
        y = batch.reward + cfg.gamma * (1 - batch.terminated) * value
    q1, q2 = agent.critic(batch.obs, batch.action)
    critic_loss = ((q1 - y) ** 2).mean() + ((q2 - y) ** 2).mean()
    agent.critic_opt.zero_grad()
    critic_loss.backward()
    agent.critic_opt.step()
    a, logp = train.sample_tanh_gaussian(*agent.actor(batch.obs), batch.noise)
    q1, q2 = agent.critic(batch.obs, a)
    actor_loss = (agent.alpha * logp - torch.minimum(q1, q2)).mean()
    agent.actor_opt.zero_grad()
    actor_loss.backward()
    agent.actor_opt.step()
    if agent.alpha_opt is not None:
        agent.alpha_opt.zero_grad()
        (-agent.log_alpha * (logp.detach() + agent.target_entropy).mean()).backward()
        agent.alpha_opt.step()
    with torch.no_grad():
        for slow, fast in zip(agent.target.parameters(), agent.critic.parameters(), strict=True):
            slow.lerp_(fast, cfg.tau)
    return {"critic_loss": critic_loss.item(), "entropy": -logp.detach().mean()}


def peer(cfg: Any, env: str, seed: int) -> Any:
    """stable-baselines3 with the same network, batch and schedule."""
    import stable_baselines3 as sb3

    shared = {
        "learning_rate": cfg.learning_rate,
        "batch_size": cfg.batch_size,
        "buffer_size": cfg.buffer_size,
        "learning_starts": cfg.learning_starts,
        "gamma": cfg.gamma,
        "train_freq": cfg.train_every,
        "gradient_steps": 1,
        "tau": cfg.tau,
        "policy_kwargs": {"net_arch": list(cfg.hidden)},
        "seed": seed,
        "device": "cpu",
    }
    if isinstance(cfg, train.SACConfig):
        alpha = f"auto_{cfg.alpha}" if cfg.auto_alpha else cfg.alpha
        return sb3.SAC("MlpPolicy", env, ent_coef=alpha, **shared)
    return sb3.DQN(
        "MlpPolicy",
        env,
        target_update_interval=cfg.target_update_every,
        exploration_fraction=cfg.epsilon_decay_steps / cfg.total_steps,
        exploration_initial_eps=cfg.epsilon_start,
        exploration_final_eps=cfg.epsilon_end,
        max_grad_norm=cfg.max_grad_norm,
        **shared,
    )


def speed_rows() -> list[tuple[str, Any, str, int, float | None]]:
    """Name, settings, environment, updates in a turn, target of qlib against the peer."""
    return [
        ("DQN 2×64, batch 64", DQN, "CartPole-v1", 2_000, 2.0),
        ("DQN 2×256, batch 64", dataclasses.replace(DQN, **WIDE), "CartPole-v1", 1_000, 1.6),
        ("SAC 2×64, batch 64", SAC, "Pendulum-v1", 1_500, 1.9),
        (
            "SAC 2×256, batch 256",
            dataclasses.replace(SAC, **WIDE, batch_size=256),
            "Pendulum-v1",
            300,
            1.35,
        ),
    ]


def contestants(cfg: Any, env: str, updates: int, cleanrl: Path | None) -> dict[str, Callable]:
    """Name -> a run of as many updates."""
    is_sac = isinstance(cfg, train.SACConfig)
    short = dataclasses.replace(cfg, total_steps=cfg.learning_starts + updates)
    one = train.train_sac if is_sac else train.train_dqn
    side_by_side = many.sac if is_sac else many.dqn
    own = ordinary_sac_update if is_sac else ordinary_dqn_update
    quiet = {"progress": False, "eval_every": 10**9}

    def learner() -> None:
        runs = side_by_side(env, short, range(SEEDS), update=own, eval_episodes=1, **quiet)
        assert runs.mapped, runs.note

    runs = {
        "stable-baselines3": lambda: peer(short, env, 0).learn(short.total_steps),
        "qlib": lambda: one(env, short, 0, eval_episodes=0, **quiet),
    }
    if cfg.hidden == (64, 64):
        runs["qlib, 20 seeds"] = lambda: side_by_side(
            env, short, range(SEEDS), eval_episodes=1, **quiet
        )
        runs["a learner's update, 20 seeds"] = learner
    if cleanrl is not None and cfg.hidden == (256, 256) and is_sac:
        script = cleanrl / "cleanrl" / "sac_continuous_action.py"
        runs["CleanRL"] = lambda: cleanrl_run(script, env, short)
    return runs


def cleanrl_run(script: Path, env: str, cfg: Any) -> float:
    """CPU seconds of CleanRL's script, less those of a run without updates."""

    def run(steps: int) -> float:
        before = os.times()
        command = [sys.executable, str(script), "--env-id", env, "--total-timesteps", str(steps)]
        command += ["--learning-starts", str(cfg.learning_starts), "--no-cuda"]
        subprocess.run(command, check=True, capture_output=True, cwd=script.parent)
        after = os.times()
        return after.children_user + after.children_system - before[2] - before[3]

    return run(cfg.total_steps) - run(cfg.learning_starts)


def measure_speed(turns: int, cleanrl: Path | None, quick: bool) -> dict[str, Any]:
    """CPU seconds of each contestant in each turn, for each row."""
    rows = {}
    context = multiprocessing.get_context("fork")
    for name, cfg, env, updates, _target in speed_rows():
        updates = 20 if quick else updates
        names = list(contestants(cfg, env, updates, cleanrl))
        seconds: dict[str, list[float]] = {who: [] for who in names}
        with ExitStack() as processes:
            own = {
                who: processes.enter_context(ProcessPoolExecutor(1, mp_context=context))
                for who in names
            }
            for turn in range(turns + 1):
                for who, process in own.items():
                    spent = process.submit(turn_of, name, who, updates, cleanrl).result()
                    if turn:  # the first warms up
                        seconds[who].append(spent)
        rows[name] = {"updates": updates, "seconds": seconds}
        print(name, {who: round(float(np.median(s)), 3) for who, s in seconds.items()}, flush=True)
    return rows


@functools.cache
def _field(name: str, updates: int, cleanrl: Path | None) -> dict[str, Callable]:
    cfg, env = next((row[1], row[2]) for row in speed_rows() if row[0] == name)
    return contestants(cfg, env, updates, cleanrl)


def turn_of(name: str, who: str, updates: int, cleanrl: Path | None) -> float:
    """CPU seconds of one run of a contestant; called in its process."""
    run = _field(name, updates, cleanrl)[who]
    start = time.thread_time()
    told = run()
    return told if who == "CleanRL" else time.thread_time() - start


def measure_returns(seeds: int, quick: bool) -> dict[str, Any]:
    """Greedy returns over training of the peer and of qlib at equal settings."""
    out = {}
    for name, cfg, env in (("DQN", DQN, "CartPole-v1"), ("SAC", SAC, "Pendulum-v1")):
        cfg = dataclasses.replace(cfg, total_steps=300) if quick else cfg
        every = cfg.total_steps // 10
        side_by_side = many.sac if name == "SAC" else many.dqn
        runs = side_by_side(env, cfg, range(SEEDS), eval_every=every, progress=False)
        theirs = [peer_curve(cfg, env, seed, every) for seed in range(seeds)]
        out[name] = {
            "env": env,
            "steps": runs.steps.tolist(),
            "qlib": runs.returns.tolist(),
            "stable-baselines3": theirs,
        }
        print(name, runs.returns.mean(0).round(), np.mean(theirs, axis=0).round(), flush=True)
    return out


def peer_curve(cfg: Any, env: str, seed: int, every: int) -> list[float]:
    """Greedy returns of the peer on the same held-out seeds."""
    from stable_baselines3.common.callbacks import BaseCallback

    returns: list[float] = []
    held = train.held_out(10)

    class Points(BaseCallback):
        def _on_step(self) -> bool:
            if self.num_timesteps % every == 0:
                act = lambda obs: self.model.predict(obs, deterministic=True)[0]  # noqa: E731
                returns.append(float(train.evaluate(act, env, held).mean()))
            return True

    peer(cfg, env, seed).learn(cfg.total_steps, callback=Points())
    return returns


def measure_cartpole(quick: bool, known: dict[str, Any], keep: Callable) -> dict[str, Any]:
    """Share of greedy evaluations that are solved in the last fifth of 50,000 steps.

    Settings that were measured already are not measured again; what came to `DQNConfig` since then
    has a default that changes nothing.
    """
    out, added = {}, dataclasses.asdict(train.DQNConfig())
    for name, (env, cfg) in cartpole_settings().items():
        cfg = dataclasses.replace(cfg, total_steps=1_100) if quick else cfg
        settings = json.loads(json.dumps({"env": env} | dataclasses.asdict(cfg)))
        before = known.get(name, {})
        if added | before.get("cfg", {}) == settings:
            out[name] = before | {"cfg": settings}
            continue
        start = time.thread_time()
        every = max(cfg.total_steps // 50, 1)
        runs = many.dqn(env, cfg, range(SEEDS), eval_every=every, progress=False)
        out[name] = {
            "cfg": settings,
            "cpu": time.thread_time() - start,
            "steps": runs.steps.tolist(),
            "returns": runs.returns.tolist(),
            "q": np.nan_to_num(runs.log["q"]).mean(axis=0).tolist(),
        }
        keep(out)
        late = runs.returns[:, runs.steps > 0.8 * cfg.total_steps]
        print(name, f"share {np.mean(late >= 475):.2f}, mean {late.mean():.0f}", flush=True)
    return out


def cartpole_settings() -> dict[str, tuple[str, Any]]:
    """The settings that stay, those that fall back, and what single changes of either do."""
    stays, common = train.CARTPOLE, train.CARTPOLE_COMMON
    scaled, plain = "qlib/ScaledCartPole-v0", "CartPole-v1"
    change = dataclasses.replace
    return {
        "`CARTPOLE`": (scaled, stays),
        "`CARTPOLE`, gamma 0.99": (scaled, change(stays, gamma=0.99)),
        "`CARTPOLE`, one step": (scaled, change(stays, n_step=1)),
        "`CARTPOLE_COMMON`": (plain, common),
        "`CARTPOLE_COMMON`, ten steps": (plain, change(common, n_step=10)),
        "`CARTPOLE`, constant learning rate": (scaled, change(stays, learning_rate_end=None)),
        "`CARTPOLE`, angle not scaled": (plain, stays),
    }


def measure_pendulum(quick: bool) -> dict[str, Any]:
    """Greedy returns of 20 episodes over 8,000 steps of SAC."""
    cfg = dataclasses.replace(train.PENDULUM, total_steps=300) if quick else train.PENDULUM
    start = time.thread_time()
    every = cfg.total_steps // 8
    runs = many.sac(
        "Pendulum-v1", cfg, range(SEEDS), eval_every=every, eval_episodes=20, progress=False
    )
    print("Pendulum", (runs.returns >= -200).mean(axis=0), flush=True)
    return {
        "cfg": dataclasses.asdict(cfg),
        "cpu": time.thread_time() - start,
        "steps": runs.steps.tolist(),
        "returns": runs.returns.tolist(),
    }


def report(kept: dict[str, Any]) -> tuple[str, bool]:
    """`deep.md`, and whether every target that was measured is met."""
    text = ["# DQN and SAC, measured", "", f"Made by `python -m benchmarks.deep` on {machine()}."]
    text += [
        "Contestants take turns, each in a process of its own; CPU seconds of one thread; ratios "
        "are medians over turns. Every part says when it was not measured.",
    ]
    met: list[bool] = []
    for part, write in (
        ("speed", _speed),
        ("returns", _returns),
        ("cartpole", _cartpole),
        ("pendulum", _pendulum),
    ):
        text += [""]
        text += write(kept[part], met) if part in kept else [f"## {part}", "", "Not measured."]
    return "\n".join(text) + "\n", all(met)


def _verdict(value: float, target: float, at_most: bool, met: list[bool]) -> str:
    met.append(value <= target if at_most else value >= target)
    words = "at most" if at_most else "at least"
    return f"{words} {target:g}: {'met' if met[-1] else 'MISSED'}"


def _speed(rows: dict[str, Any], met: list[bool]) -> list[str]:
    turns = len(rows[speed_rows()[0][0]]["seconds"]["qlib"])
    text = ["## Speed", ""]
    text += [
        f"Medians over {turns} turns. One environment step with one update, same network, batch "
        "and schedule. `×` is how many times quicker than stable-baselines3. For 20 seeds the "
        "figure is the CPU of all 20 in units of **one** run of stable-baselines3; the learner's "
        "update is ordinary torch (`zero_grad`, `backward`, `clip_grad_norm_`, `step`), mapped by "
        "`qlib.train.many`.",
        "",
        "| run | contestant | CPU ms an update | against stable-baselines3 | target |",
        "|---|---|---|---|---|",
    ]
    for name, *_, target in speed_rows():
        updates, table = rows[name]["updates"], rows[name]["seconds"]
        for who, seconds in table.items():
            ratios = np.array(table["stable-baselines3"]) / np.array(seconds)
            value, aim = float(np.median(ratios)), "-"
            if who == "qlib":
                aim = _verdict(value, target, False, met)
            shown = f"{value:.2f}×"
            if "20 seeds" in who:
                value = float(np.median(1 / ratios))
                shown = f"{value:.2f} runs"
                aim = _verdict(value, 2.0, True, met) if who.startswith("qlib") else "-"
            cost = 1e3 * np.median(seconds) / updates
            text.append(f"| {name} | {who} | {cost:.2f} | {shown} | {aim} |")
    return text


def _mean_interval(returns: Any) -> list[str]:
    from qlib.plot.curves import mean_interval

    y = np.array(returns)
    low, high = mean_interval(y, "t", 0.95, np.random.default_rng(0))
    return [f"{m:.0f} [{a:.0f}, {b:.0f}]" for m, a, b in zip(y.mean(0), low, high, strict=True)]


def _returns(parts: dict[str, Any], met: list[bool]) -> list[str]:
    text = ["## Returns at equal settings", ""]
    text += ["Greedy return of 10 held-out episodes, mean over seeds with its 95% t-interval."]
    for name, part in parts.items():
        text += ["", f"**{name}, {part['env']}**", ""]
        steps = part["steps"]
        text += ["| step | " + " | ".join(f"{s:,}" for s in steps) + " |"]
        text += ["|---|" + "---|" * len(steps)]
        for who in ("qlib", "stable-baselines3"):
            row = _mean_interval(part[who])
            text.append(f"| {who} ({len(part[who])} seeds) | " + " | ".join(row) + " |")
    return text


def _solved(part: dict[str, Any]) -> np.ndarray:
    """Which evaluations reach 475, `[seeds, fifths, evaluations]`."""
    returns = np.array(part["returns"])
    return (returns >= 475).reshape(len(returns), 5, -1)


def _cartpole(parts: dict[str, Any], met: list[bool]) -> list[str]:
    text = ["## CartPole: does it stay solved?", ""]
    text += [
        "50,000 steps, no early stopping, a greedy evaluation (10 episodes) every 1,000 steps; "
        "solved: their mean is at least 475. Of the last 10,000 steps: the share of evaluations "
        "that are solved, the seeds of which all are, and the seeds that fall back: solved, then "
        "not. `Q`: mean value of the batches at the end, of at most 1 / (1 - gamma).",
        "",
        "| settings | seeds | share | always solved | fall back | mean return | worst | Q | at "
        "most | CPU s, all seeds | target |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, part in parts.items():
        solved = _solved(part)
        late, returns = solved[:, -1], np.array(part["returns"])[:, -solved.shape[2] :]
        aim = _verdict(float(late.mean()), 0.9, False, met) if name == "`CARTPOLE`" else "-"
        text.append(
            f"| {name} | {len(late)} | {late.mean():.2f} | {late.all(axis=1).sum()} | "
            f"{_fall_back(late)} | {returns.mean():.0f} | {returns.min():.0f} | "
            f"{part['q'][-1]:.0f} | {1 / (1 - part['cfg']['gamma']):.0f} | {part['cpu']:.0f} | "
            f"{aim} |"
        )
    text += ["", *_why(parts), "Settings:", ""]
    for name, part in parts.items():
        text.append(f"- {name}: " + ", ".join(f"{k} {v}" for k, v in part["cfg"].items()))
    return text


def _fall_back(late: np.ndarray) -> int:
    """How many seeds are solved at one evaluation and not at the next."""
    return int((late[:, :-1] & ~late[:, 1:]).any(axis=1).sum())


def _why(parts: dict[str, Any]) -> list[str]:
    """Why common settings fall back, with the figures that say so."""
    whole, one, short = "`CARTPOLE`", "`CARTPOLE`, one step", "`CARTPOLE`, gamma 0.99"
    common = "`CARTPOLE_COMMON`"
    if not {whole, one, short} <= set(parts):
        return []
    solved = {name: _solved(parts[name]) for name in (whole, one, short)}
    second = {name: f"{x[:, 1].mean():.2f}" for name, x in solved.items()}
    back = {name: _fall_back(x[:, -1]) for name, x in solved.items()}
    q = {name: f"{parts[name]['q'][-1]:.0f}" for name in solved}
    late = np.array(parts[short]["returns"])[:, -solved[short].shape[2] :]
    ends = late[(~solved[short][:, -1]).all(axis=1)]
    alone = ""
    if {common, f"{common}, ten steps"} <= set(parts):
        before, after = (_solved(parts[x])[:, -1] for x in (common, f"{common}, ten steps"))
        alone = (
            f" Alone, with nothing else changed, it lifts the share of the common settings from "
            f"{before.mean():.2f} to {after.mean():.2f}; {_fall_back(after)} of {len(after)} still "
            "fall back at some time in the last fifth."
        )
    n, gamma = parts[whole]["cfg"]["n_step"], parts[whole]["cfg"]["gamma"]
    return [
        "Why settings fall back: one push in the wrong direction can be made good by the next, so "
        "both actions are worth nearly the same, and an error of one percent in the values turns "
        "the policy around. Targets of one step copy every value, error included, from a "
        f"neighbour 0.02 s later, and a backup shrinks the error by no more than {1 - gamma:.1%}: "
        f"mean Q climbs to {q[one]} where {1 / (1 - gamma):.0f} is the most possible, and "
        f"{back[one]} of {len(solved[one])} seeds fall back in the last fifth. A target over {n} "
        f"steps sums {n} real rewards, or their end, before it trusts the network, shrinks an "
        f"error by {1 - gamma**n:.1%} and hears of a fall {n} steps ahead at once: mean Q "
        f"{q[whole]}, {back[whole]} of {len(solved[whole])} fall back, and in the second fifth "
        f"already {second[whole]} of the evaluations are solved instead of {second[one]}.{alone} "
        f"The discount is about another failure: with 0.99 {back[short]} of {len(solved[short])} "
        f"fall back, but {len(ends)} are mediocre throughout: their episodes end after "
        f"{ends.min():.0f} to {ends.max():.0f} steps on average.",
        "",
    ]


def _pendulum(part: dict[str, Any], met: list[bool]) -> list[str]:
    returns = np.array(part["returns"])
    share = float((returns >= -200).any(axis=1).mean())
    last = float((returns[:, -1] >= -200).mean())
    mean = _mean_interval(returns)
    return [
        "## Pendulum",
        "",
        f"SAC, {part['steps'][-1]:,} steps, {len(returns)} seeds at once, {part['cpu']:.0f} CPU s "
        "for all; greedy return of 20 held-out episodes.",
        "",
        "| step | " + " | ".join(f"{s:,}" for s in part["steps"]) + " |",
        "|---|" + "---|" * len(mean),
        "| mean [95% t-interval] | " + " | ".join(mean) + " |",
        "| share of seeds at -200 or better | "
        + " | ".join(f"{x:.2f}" for x in (returns >= -200).mean(axis=0))
        + " |",
        "",
        f"Share of seeds at -200 or better at some point: {share:.2f} "
        f"({_verdict(share, 0.95, False, met)}); at the last point: {last:.2f}.",
        "",
        "Settings: " + ", ".join(f"{k} {v}" for k, v in part["cfg"].items()),
    ]


def machine() -> str:
    """What ran this, without names or dates."""
    model = "unknown CPU"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = found[0].split(":", 1)[1].strip() if found else model
    packages = ("torch", "numpy", "gymnasium", "stable-baselines3")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{os.cpu_count()} cores ({model}), one thread used, {platform.system()}, "
        f"Python {platform.python_version()}, {versions}"
    )


def main() -> int:
    """Measure; 0 if all targets are met, 1 if not, 2 if the peer is missing."""
    if any(os.environ.get(name) != "1" for name in THREADS):
        again = [sys.executable, "-m", "benchmarks.deep", *sys.argv[1:]]
        os.execve(sys.executable, again, os.environ | dict.fromkeys(THREADS, "1"))
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deep", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--turns", type=int, default=7, help="turns of each contestant")
    parser.add_argument("--peer-seeds", type=int, default=10, help="runs of the peer in `returns`")
    parser.add_argument("--cleanrl", type=Path, help="a checkout of CleanRL")
    parser.add_argument("--quick", action="store_true", help="small, not judged, not written")
    parser.add_argument("--report", action="store_true", help="only write deep.md again")
    args = parser.parse_args()
    if find_spec("stable_baselines3") is None:
        print('Missing: stable-baselines3. Run pip install -e ".[bench]" first.')
        return 2
    torch.set_num_threads(1)
    kept = json.loads(HOME.read_text()) if HOME.exists() and not args.quick else {}

    def keep(part: str, measured: dict[str, Any]) -> None:
        if not args.quick:
            HOME.write_text(json.dumps(kept | {part: measured}))

    measures = {
        "speed": lambda: measure_speed(1 if args.quick else args.turns, args.cleanrl, args.quick),
        "returns": lambda: measure_returns(1 if args.quick else args.peer_seeds, args.quick),
        "cartpole": lambda: measure_cartpole(
            args.quick, kept.get("cartpole", {}), lambda out: keep("cartpole", out)
        ),
        "pendulum": lambda: measure_pendulum(args.quick),
    }
    for part in [] if args.report else args.parts:
        kept[part] = measures[part]()
        keep(part, kept[part])
    text, met = report(kept)
    if args.quick:
        print(text)
        return 0
    HOME.with_suffix(".md").write_text(text)
    print(f"Written to {HOME.with_suffix('.md').name}.")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
