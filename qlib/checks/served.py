"""Environments that the checking side owns and a student's training function steps through.

The function runs in a thread of the student's process. Whatever its environment is asked for
(`reset`, `step`) becomes the result of a probe; the checking side acts in the real environment and
answers with the next call. So a learning check trains the student's code, but acts, counts and
scores where no student's code runs.

In a probe module, `student_side` turns a training function into such a probe::

    @served.student_side
    def train(function, env_fn, cfg, seed):
        return {name: p for name, p in function(env_fn, Config(**cfg), seed).state_dict().items()}

and a check runs it::

    done = served.run(answer, "nb07_dqn.train", lambda: Catch(permutation=p), cfg, 3, rng=rng)
"""

import contextvars
import functools
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces

from qlib.checks.exercise import Answer
from qlib.checks.failure import Failed

MAX_ENVS = 16
_THREAD = "training"


@dataclass
class Served:
    """What a training run gave, and what the checking side has seen of it.

    Attributes:
        result: what the student's side returned. It has to be judged like any answer.
        steps: environment steps taken, in all environments.
        episode_returns: undiscounted sum of the rewards of each finished episode, in order.
    """

    result: Any = None
    steps: int = 0
    episode_returns: list[float] = field(default_factory=list)


def run(
    answer: Answer,
    probe: str,
    make_env: Callable[[], gym.Env],
    *args: Any,
    rng: np.random.Generator,
    max_steps: int = 100_000,
) -> Served:
    """Let a student's function train in environments of this side.

    Args:
        answer: the function.
        probe: `<module>.<function>`, made with `student_side`.
        make_env: makes a fresh environment each time the student's side asks for one. Its spaces
            must be `Discrete` or `Box`.
        args: plain data for the probe.
        rng: what a seed means in these environments is drawn from it.
        max_steps: environment steps in all environments together.

    Raises:
        Failed: if the function takes more steps, or asks for more than 16 environments.
        AnswerError: if it cannot be called, or stops.
    """
    secret = int(rng.integers(2**62))
    desk = _Desk(make_env, secret, max_steps)
    try:
        message = answer.probe(probe, "start", *desk.spaces(), *args)
        while True:
            kind, *rest = message if isinstance(message, list | tuple) and message else [None]
            kind = kind if isinstance(kind, str) else None
            if kind == "done" and len(rest) == 1:
                desk.log.result = rest[0]
                return desk.log
            message = answer.probe(probe, "go on", desk.serve(kind, rest))
    finally:
        desk.close()


class _Desk:
    """The environments of one run."""

    def __init__(self, make_env: Callable[[], gym.Env], secret: int, max_steps: int):
        self.make_env = make_env
        self.secret = secret
        self.max_steps = max_steps
        self.log = Served()
        self.envs: list[gym.Env] = []
        self.running: list[bool] = []
        self.returns: list[float] = []

    def spaces(self) -> tuple[list, list]:
        env = self.make_env()
        try:
            return _describe(env.observation_space), _describe(env.action_space)
        finally:
            env.close()

    def close(self) -> None:
        for env in self.envs:
            env.close()

    def serve(self, kind: str | None, rest: list) -> list:
        """The answer to one request; `["error", sentence]` for what an environment would refuse."""
        if kind == "reset" and len(rest) == 2:
            return self.reset(*rest)
        if kind == "step" and len(rest) == 2:
            return self.step(*rest)
        raise Failed("The training function did something else than reset and step.", stops=True)

    def reset(self, k: Any, seed: Any) -> list:
        if type(k) is not int or not 0 <= k <= len(self.envs):
            raise Failed("The training function used an environment it was not given.", stops=True)
        if k == len(self.envs):
            if k >= MAX_ENVS:
                raise Failed(f"The training function made more than {MAX_ENVS} environments.")
            self.envs.append(self.make_env())
            self.running.append(False)
            self.returns.append(0.0)
            seed = k if seed is None else seed
        if seed is not None:
            if not isinstance(seed, int | np.integer):
                return ["error", "seed must be an int or None"]
            sequence = np.random.SeedSequence([self.secret, abs(int(seed)) % 2**62])
            seed = int(sequence.generate_state(1)[0])
        obs, _ = self.envs[k].reset(seed=seed)
        self.running[k], self.returns[k] = True, 0.0
        return ["obs", np.asarray(obs)]

    def step(self, k: Any, action: Any) -> list:
        if type(k) is not int or not 0 <= k < len(self.envs):
            raise Failed("The training function used an environment it was not given.", stops=True)
        if not self.running[k]:
            return ["error", "the episode is over: call reset before the next step"]
        space = self.envs[k].action_space
        problem, action = _action(space, action)
        if problem:
            return ["error", problem]
        if self.log.steps >= self.max_steps:
            raise Failed(
                f"The training function took more than {self.max_steps:,} environment steps.",
                "It does not stop after the number of steps in its configuration.",
                stops=True,
            )
        obs, reward, terminated, truncated, _ = self.envs[k].step(action)
        self.log.steps += 1
        self.returns[k] += float(reward)
        if terminated or truncated:
            self.running[k] = False
            self.log.episode_returns.append(self.returns[k])
        return ["step", np.asarray(obs), float(reward), bool(terminated), bool(truncated)]


def _describe(space: spaces.Space) -> list:
    if isinstance(space, spaces.Discrete):
        return ["discrete", int(space.n)]
    if isinstance(space, spaces.Box):
        return ["box", np.asarray(space.low), np.asarray(space.high)]
    raise TypeError(f"only Discrete and Box spaces can be served, not {type(space).__name__}")


def _space(description: list) -> spaces.Space:
    kind, *rest = description
    if kind == "discrete":
        return spaces.Discrete(*rest)
    low, high = rest
    return spaces.Box(low, high, dtype=low.dtype)


def _action(space: spaces.Space, action: Any) -> tuple[str, Any]:
    """What is wrong with an action, and the action as the environment wants it."""
    if isinstance(space, spaces.Discrete):
        whole = isinstance(action, int | np.integer) and not isinstance(action, bool)
        if isinstance(action, np.ndarray) and action.shape == () and action.dtype.kind in "iu":
            whole, action = True, action[()]
        if not whole or not 0 <= int(action) < space.n:
            return f"an action must be a whole number from 0 to {space.n - 1}", None
        return "", int(action)
    if isinstance(action, list | tuple):
        if not all(isinstance(x, int | float | np.number) for x in action):
            return f"an action must be an array of shape {space.shape}", None
        action = np.array([float(x) for x in action])
    if not isinstance(action, np.ndarray) or action.shape != space.shape:
        return f"an action must be an array of shape {space.shape}", None
    if action.dtype.kind not in "fiu" or not bool(np.isfinite(action).all()):
        return "an action must be an array of finite numbers", None
    return "", action.astype(space.dtype)


def student_side(train: Callable[..., Any]) -> Callable[..., Any]:
    """Make a probe of `train(function, env_fn, *args) -> plain data`.

    `env_fn()` makes an environment of gymnasium's interface, served by the checking side.
    """

    @functools.wraps(train)
    def probe(function: Callable, shelf: dict, request: str, *args: Any) -> list:
        if request == "start":
            observations, actions, *rest = args
            link = shelf[_THREAD] = _Link()
            env_fn = functools.partial(ServedEnv, link, observations, actions)
            link.start(train, function, env_fn, *rest)
        else:
            link = shelf[_THREAD]
            link.answers.put(args[0])
        return link.next_request()

    return probe


class _Link:
    """Between the thread that trains and the calls of the probe."""

    def __init__(self) -> None:
        self.requests: queue.SimpleQueue = queue.SimpleQueue()
        self.answers: queue.SimpleQueue = queue.SimpleQueue()
        self.n_used = 0  # environments that have been reset; they are numbered in this order

    def start(self, train: Callable[..., Any], *args: Any) -> None:
        context = contextvars.copy_context()  # the closed book stays closed in the thread

        def work() -> None:
            try:
                self.requests.put(["done", context.run(train, *args)])
            except BaseException as error:
                self.requests.put(error)

        threading.Thread(target=work, daemon=True).start()

    def next_request(self) -> list:
        request = self.requests.get()
        if isinstance(request, BaseException):
            raise request
        return request

    def ask(self, request: list) -> list:
        self.requests.put(request)
        kind, *rest = self.answers.get()
        if kind == "error":
            raise ValueError(*rest)
        return rest


class ServedEnv(gym.Env):
    """An environment whose every step is taken by the checking side."""

    def __init__(self, link: _Link, observations: list, actions: list):
        self._link = link
        self._k: int | None = None
        self.observation_space = _space(observations)
        self.action_space = _space(actions)

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[Any, dict]:
        """Start an episode: `obs, info`."""
        if self._k is None:
            self._k = self._link.n_used
            self._link.n_used += 1
        (obs,) = self._link.ask(["reset", self._k, None if seed is None else int(seed)])
        return obs, {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict]:
        """Take one step: `next_obs, reward, terminated, truncated, info`."""
        if self._k is None:
            raise ValueError("call reset before the first step")
        if hasattr(action, "detach"):
            action = action.detach().cpu().numpy()
        obs, reward, terminated, truncated = self._link.ask(["step", self._k, action])
        return obs, reward, terminated, truncated, {}
