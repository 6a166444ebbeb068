"""Rollouts to watch: what is drawn, what is said, and how large it gets."""

import io
import re
import subprocess
import sys

import gymnasium
import numpy as np
import pytest
from PIL import Image

from qlib.envs.deep import BatchCartPole, BatchPendulum, Catch, batch_env
from qlib.envs.deep.draw import BALL, GOAL, PADDLE, Canvas
from qlib.envs.deep.scenes import cartpole, pendulum
from qlib.watch import MAX_BYTES, Rollout, rollout_pictures, watch


def where(picture, colour):
    """Centre of the pixels of a colour, (x, y)."""
    y, x = np.nonzero((np.abs(picture.astype(int) - colour) < 12).all(axis=2))
    return x.mean(), y.mean()


# Drawing


def test_shapes_cover_their_area():
    canvas = Canvas(100, 80)
    canvas.box((30, 40), (20, 10), (0, 0, 0))
    assert (255 - canvas.pixels()[..., 0].astype(float)).sum() / 255 == pytest.approx(200, rel=0.01)
    canvas = Canvas(100, 80)
    canvas.disc((50, 40), 15, (0, 0, 0))
    assert (255 - canvas.pixels()[..., 0].astype(float)).sum() / 255 == pytest.approx(
        np.pi * 15**2, rel=0.01
    )
    canvas = Canvas(100, 80)
    canvas.rod((20, 20), (60, 50), 6, (0, 0, 0))  # 50 long
    assert (255 - canvas.pixels()[..., 0].astype(float)).sum() / 255 == pytest.approx(
        50 * 6 + np.pi * 9, rel=0.01
    )


def test_shapes_outside_the_picture_are_cut():
    canvas = Canvas(10, 10)
    canvas.disc((-50, 5), 3, BALL)
    canvas.rod((5, 5), (500, 5), 2, BALL)
    assert canvas.pixels().shape == (10, 10, 3)


def test_cart_and_pole_stand_where_they_are():
    left, right = cartpole([-1, 0, 0, 0]), cartpole([1, 0, 0, 0])
    assert where(left, PADDLE)[0] < 120 < where(right, PADDLE)[0]
    assert where(cartpole([0, 0, 0.2, 0]), BALL)[0] > 122  # positive angles lean right
    assert where(cartpole([0, 0, -0.2, 0]), BALL)[0] < 118


def test_pendulum_points_where_it_is():
    up, down = pendulum([0, 0]), pendulum([np.pi, 0])
    assert where(up, BALL)[1] < 60
    assert where(down, BALL)[1] > 100
    assert where(pendulum([np.pi / 2, 0]), BALL)[0] < 60  # counterclockwise


def test_catch_picture_shows_ball_and_paddle():
    env = Catch(render_mode="rgb_array")
    obs, _ = env.reset(seed=2)
    ball = int(np.flatnonzero(obs)[0])
    x, y = where(env.render(), BALL)
    assert (x // 20, y // 20) == (ball, 0)
    assert where(env.render(), PADDLE)[0] // 20 == 2


@pytest.mark.parametrize("env_id", ["InvertedPendulum-v5", "Hopper-v5", "HalfCheetah-v5"])
def test_robots_from_the_side(env_id):
    pytest.importorskip("mujoco")
    size = gymnasium.make(env_id).action_space.shape
    first, *_, last = rollout_pictures(env_id, lambda obs: np.ones(size), max_steps=20).pictures
    assert first.shape == (150, 240, 3)
    assert first.min() < 50
    assert not np.array_equal(first, last)
    if env_id == "Hopper-v5":  # stands upright, feet on the floor
        paint = [(np.abs(first.astype(int) - c) < 12).all(axis=2) for c in (BALL, PADDLE, GOAL)]
        y, x = np.nonzero(np.any(paint, axis=0))
        assert abs(x.mean() - 120) < 12
        assert 120 < y.max() < 130
        assert y.max() - y.min() == pytest.approx(70 * 1.5, abs=10)  # it is about 1.5 m tall


# Rollouts


def test_rollout_by_hand():
    episode = rollout_pictures("qlib/Catch-v0", lambda obs: 1, seed=4, note=lambda obs: "n")
    assert len(episode) == 9
    assert len(episode.pictures) == len(episode.notes) == 10
    assert episode.actions == [1] * 9
    assert set(episode.rewards[:-1]) == {0.0}
    assert (episode.terminated, episode.truncated, episode.end) == (True, False, "terminated")
    assert repr(episode).startswith("Catch, seed 4: 9 steps, episode return")
    cut = rollout_pictures("Pendulum-v1", lambda obs: np.zeros(1), max_steps=5)
    assert (len(cut), cut.end) == (5, "cut off")


@pytest.mark.parametrize(("env_id", "lanes"), [("CartPole-v1", BatchCartPole),
                                               ("Pendulum-v1", BatchPendulum)])  # fmt: skip
def test_id_object_and_lanes_show_the_same(env_id, lanes):
    def policy(obs):
        return int(obs[2] > 0) if env_id[0] == "C" else np.array([obs[1]], dtype=np.float32)

    by_id = rollout_pictures(env_id, policy, seed=3)
    for env in (gymnasium.make(env_id), lanes(3)):
        other = rollout_pictures(env, policy, seed=3)
        assert len(other) == len(by_id)
        assert np.array_equal(other.rewards, by_id.rewards)
        assert all(
            np.array_equal(a, b) for a, b in zip(other.pictures, by_id.pictures, strict=True)
        )


def test_policies_may_answer_in_arrays():
    for answer in (1, np.int64(1), np.array(1), True + 0):
        assert len(rollout_pictures(gymnasium.make("CartPole-v1"), lambda obs, a=answer: a)) > 5


# The player


@pytest.mark.parametrize("env_id", ["CartPole-v1", "Pendulum-v1"])
def test_a_hundred_frames_stay_small(env_id):
    def policy(obs):  # balances, swings
        if env_id[0] == "C":
            return int(obs[2] + 0.3 * obs[3] + 0.02 * obs[0] > 0)
        return np.array([2 * np.sign(obs[2])])

    player = watch(env_id, policy, seed=1)
    html = player.html()
    assert len(player) == 100
    assert len(html) <= MAX_BYTES
    assert "<script" not in html
    assert "http" not in html
    assert html.count("data:image/png;base64,") == 100
    for label in ("step 0", "step 200" if env_id[0] == "P" else "step 500"):
        assert f">{label}</label>" in html
    for picture in player.pictures:
        image = Image.open(io.BytesIO(picture.png))
        assert max(image.size) <= 240


def test_noisy_pictures_are_made_smaller_until_they_fit():
    rng = np.random.default_rng(0)
    noise = [rng.integers(256, size=(150, 130, 3), dtype=np.uint8) for _ in range(101)]
    episode = Rollout("Noise", 0, noise, [0] * 100, np.zeros(100), False, True)
    player = watch(episode)
    assert len(player.html()) <= MAX_BYTES
    assert (player.labels[0], player.labels[-1]) == ("step 0", "step 100")


def test_captions_say_what_happens():
    player = watch(
        "qlib/Catch-v0",
        lambda obs: 2,
        seed=0,
        action_names=("left", "stay", "right"),
        note=lambda obs: f"<{int(obs.sum())}>",
    )
    alts = [picture.alt for picture in player.pictures]
    assert alts[0] == "t = 0, rewards so far 0, next action right; <2>"
    assert re.fullmatch(r"t = 9, rewards so far -?1, terminated; <\d>", alts[-1])
    assert "&lt;2&gt;" in player.html()
    assert "<2>" not in player.html()
    assert player.title.startswith("Catch, seed 0: 9 steps")
    assert watch("qlib/Catch-v0", lambda obs: 2, title="After training").title == "After training"
    push = watch("qlib/PointMass1D-v0", lambda obs: np.array([0.25]))
    assert push.pictures[0].alt.endswith("next action +0.25")


def test_long_episodes_are_thinned_with_both_ends():
    player = watch("Pendulum-v1", lambda obs: np.zeros(1), frames=5)
    assert player.labels == ("step 0", "step 50", "step 100", "step 150", "step 200")


def test_bad_input_is_named():
    with pytest.raises(TypeError, match="policy"):
        watch("CartPole-v1")
    for frames in (1, 121):
        with pytest.raises(ValueError, match="frames"):
            watch("CartPole-v1", lambda obs: 0, frames=frames)
    with pytest.raises(ValueError, match="max_steps"):
        watch("CartPole-v1", lambda obs: 0, max_steps=0)
    with (
        pytest.warns(UserWarning, match="render"),  # gymnasium's own
        pytest.raises(ValueError, match="rgb_array"),
    ):
        rollout_pictures(gymnasium.make("Acrobot-v1"), lambda obs: 0)
    assert batch_env("qlib/Catch-v0", 1).n_lanes == 1


def test_needs_no_torch_and_no_display():
    code = (
        "import sys; from qlib.watch import watch; watch('CartPole-v1', lambda o: 0).html(); "
        "print([m for m in ('torch', 'pygame', 'matplotlib.pyplot') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"PATH": "", "HOME": "/nonexistent"},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
