"""An episode to watch: step through its frames with the arrow keys, nothing plays by itself.

No display, no ffmpeg, no pygame, no script and no network: each frame is a small picture inside
the notebook, and the player is the one of `qlib.plot.frames`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from qlib.envs.deep import BatchEnv, BatchOf, SingleEnv, batch_env
from qlib.envs.deep.scenes import cartpole, pendulum, side_view
from qlib.plot.canvas import Picture
from qlib.plot.frames import MAX_FRAMES, Frames

Policy = Callable[[NDArray[Any]], Any]

MAX_BYTES = 300_000
"""Size of a player as HTML; pictures get smaller and coarser until they fit."""

SCENES: dict[str, Callable[[Any], NDArray[np.uint8]]] = {
    "CartPoleEnv": lambda env: cartpole(env.state),
    "PendulumEnv": lambda env: pendulum(env.state),
    "MujocoEnv": lambda env: side_view(env.model, env.data),
}
"""Our own pictures of gymnasium's environments, by the name of their class or of a base."""


@dataclass(frozen=True, eq=False)
class Rollout:
    """One episode with its pictures; T steps.

    Attributes:
        name: of the environment.
        seed: it began with.
        pictures: what the states look like, T+1 arrays (height, width, 3) uint8.
        actions: T actions.
        rewards: (T,).
        terminated: the world ended the episode.
        truncated: the clock ended it; neither is true where `max_steps` stopped it.
        notes: a line about each state, T+1 strings, empty if nobody asked.
    """

    name: str
    seed: int
    pictures: Sequence[NDArray[np.uint8]]
    actions: Sequence[Any]
    rewards: NDArray[np.float64]
    terminated: bool
    truncated: bool
    notes: Sequence[str] = ()

    def __len__(self) -> int:
        """T, the number of steps."""
        return len(self.actions)

    @property
    def end(self) -> str:
        """How it ended, in a word."""
        return "terminated" if self.terminated else "truncated" if self.truncated else "cut off"

    def __repr__(self) -> str:
        return (
            f"{self.name}, seed {self.seed}: {len(self)} steps, "
            f"episode return {self.rewards.sum():.4g}, {self.end}"
        )


def rollout_pictures(
    env: str | gymnasium.Env | BatchEnv,
    policy: Policy,
    *,
    seed: int = 0,
    max_steps: int = 1000,
    note: Callable[[NDArray[Any]], str] | None = None,
) -> Rollout:
    """Play one episode and draw every state.

    Args:
        env: an id, as "CartPole-v1" or "qlib/Catch-v0"; an environment; or lanes, whose lane 0 is
            played. CartPole, Pendulum and MuJoCo robots (from the side) are drawn here; another
            environment needs `render_mode="rgb_array"`.
        policy: `policy(obs)` gives the action; it sees the observation as the environment gives it.
        seed: of the episode.
        max_steps: at most so many steps.
        note: `note(obs)` is a line about a state, as its Q-values.

    Raises:
        ValueError: for `max_steps` below 1, or an environment that gives no picture.
    """
    if max_steps < 1:
        raise ValueError(f"max_steps = {max_steps}: an episode has at least one step.")
    if isinstance(env, str):
        env = _drawn_lane(env)
    lanes = isinstance(env, BatchEnv)
    if lanes:
        obs = env.reset([seed, *range(1, env.n_lanes)])[0]
    else:
        obs, _ = env.reset(seed=seed)
    say = note or (lambda obs: "")
    pictures, notes, actions, rewards = [_picture(env)], [say(obs)], [], []
    terminated = truncated = False
    while not (terminated or truncated) and len(actions) < max_steps:
        action = policy(obs)
        action = action.item() if np.ndim(action) == 0 and hasattr(action, "item") else action
        if lanes:
            every = np.repeat(np.asarray(action)[None], env.n_lanes, axis=0)
            obs, reward, terminated, truncated = (part[0] for part in env.step(every))
        else:
            obs, reward, terminated, truncated, _ = env.step(action)
        pictures.append(_picture(env))
        notes.append(say(obs))
        actions.append(action)
        rewards.append(float(reward))
    ends = bool(terminated), bool(truncated)
    return Rollout(_name(env), seed, pictures, actions, np.array(rewards), *ends, notes)


def watch(
    env: str | gymnasium.Env | BatchEnv | Rollout,
    policy: Policy | None = None,
    *,
    seed: int = 0,
    max_steps: int = 1000,
    frames: int = 100,
    title: str | None = None,
    action_names: Sequence[str] | None = None,
    note: Callable[[NDArray[Any]], str] | None = None,
) -> Frames:
    """One episode to step through with the arrow keys; end a cell with it.

    Args:
        env: as in `rollout_pictures`, or a rollout that is there already.
        policy: `policy(obs)` gives the action.
        seed: of the episode.
        max_steps: at most so many steps.
        frames: at most so many pictures, 2 to 120, evenly spaced with both ends.
        title: text above; what `Rollout` says of itself if None.
        action_names: what discrete actions are called in the captions.
        note: `note(obs)` is a line about a state for its caption, as its Q-values.

    Raises:
        ValueError: as `rollout_pictures`, and for a number of frames outside 2..120.
        TypeError: without a policy.
    """
    if not 2 <= frames <= MAX_FRAMES:
        raise ValueError(f"frames = {frames}: 2 to {MAX_FRAMES} pictures.")
    if isinstance(env, Rollout):
        episode = env
    elif policy is None:
        raise TypeError("watch needs a policy: a function from an observation to an action.")
    else:
        episode = rollout_pictures(env, policy, seed=seed, max_steps=max_steps, note=note)
    count = min(frames, len(episode) + 1)
    ts = np.unique(np.linspace(0, len(episode), count).round().astype(int))
    title = title or repr(episode)
    # Smaller, coarser, at last fewer pictures until the player fits; the first choice nearly
    # always does.
    for side, colours in ((240, 16), (200, 12), (160, 8), (120, 6), (90, 4)):
        player = _player(episode, ts, side, colours, title, action_names)
        if len(player.html()) <= MAX_BYTES:
            return player
    while len(player.html()) > MAX_BYTES and len(ts) > 2:
        ts = np.unique([*ts[::2], ts[-1]])
        player = _player(episode, ts, side, colours, title, action_names)
    return player


class _Captioned(Picture):
    """A picture with a line of text below it."""

    def __init__(self, png: bytes, width: int, caption: str):
        super().__init__(png, caption, width)

    def html(self) -> str:
        text = escape(self.alt)
        return f'{super().html()}<p style="font:13px monospace;margin:2px 0">{text}</p>'


_CSS = """<style>
.qlib-watch .qlib-frames label{position:absolute!important;width:1px;height:1px;overflow:hidden;
  clip-path:inset(50%);white-space:nowrap}
.qlib-watch .qlib-frames input{width:13px!important;height:13px!important;margin:1px!important}
</style>"""


class _Player(Frames):
    """Frames whose many labels are kept for screen readers, so that the buttons are a scrubber."""

    def html(self) -> str:
        return f'<div class="qlib-watch" style="max-width:640px">{_CSS}{super().html()}</div>'


def _player(
    episode: Rollout,
    ts: NDArray[np.intp],
    side: int,
    colours: int,
    title: str,
    names: Sequence[str] | None,
) -> _Player:
    """The player of the states at times `ts`."""
    drawn = [
        _Captioned(*_png(episode.pictures[t], side, colours), _caption(episode, t, names))
        for t in ts
    ]
    return _Player(drawn, [f"step {t}" for t in ts], title, 0)


def _drawn_lane(env_id: str) -> BatchEnv:
    """One lane of a named environment that can be drawn."""
    env = batch_env(env_id, 1)
    if isinstance(env, BatchOf):
        env.close()
        return batch_env(lambda: gymnasium.make(env_id, render_mode="rgb_array"), 1)
    return env


def _name(env: gymnasium.Env | BatchEnv) -> str:
    """What the environment is called: its id, or the name of its class."""
    if isinstance(env, BatchOf):
        env = env.envs[0]
    if isinstance(env, BatchEnv):
        return type(env).__name__.removeprefix("Batch")
    return env.spec.id if env.spec is not None else type(env.unwrapped).__name__


def _picture(env: gymnasium.Env | BatchEnv) -> NDArray[np.uint8]:
    """The current state, (height, width, 3) uint8."""
    if isinstance(env, BatchOf):
        env = env.envs[0]
    raw = env if isinstance(env, BatchEnv) else env.unwrapped
    if isinstance(raw, SingleEnv):
        raw = raw.batch
    if isinstance(raw, BatchEnv):
        return raw.render(0)
    scene = next((SCENES[c.__name__] for c in type(raw).__mro__ if c.__name__ in SCENES), None)
    pixels = scene(raw) if scene else env.render()
    if not isinstance(pixels, np.ndarray) or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"{_name(env)} gives no picture: make it with render_mode='rgb_array'.")
    return pixels


def _caption(episode: Rollout, t: int, names: Sequence[str] | None) -> str:
    """The line below the picture of time t."""
    so_far = float(episode.rewards[:t].sum())
    note = f"; {episode.notes[t]}" if episode.notes and episode.notes[t] else ""
    text = f"t = {t}, rewards so far {so_far:.4g}"
    if t == len(episode):
        return f"{text}, {episode.end}{note}"
    action = episode.actions[t]
    if np.ndim(action) == 0:
        told = str(action) if names is None else str(names[int(action)])
    else:
        told = ", ".join(f"{value:+.2f}" for value in np.ravel(action)[:6])
    return f"{text}, next action {told}{note}"


def _png(pixels: NDArray[np.uint8], side: int, colours: int) -> tuple[bytes, int]:
    """A small PNG with a palette of few colours, no side longer than `side`; and its width."""
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if max(image.size) > side:
        share = side / max(image.size)
        size = tuple(max(1, round(length * share)) for length in image.size)
        image = image.resize(size, Image.Resampling.BOX)
    buffer = io.BytesIO()
    few = image.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(buffer, "PNG", optimize=True)
    return buffer.getvalue(), image.width
