"""CartPole, Pendulum and MuJoCo's planar robots as small pictures: no pygame, no OpenGL."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlib.envs.deep.draw import BALL, GOAL, GREY, GRID, INK, PADDLE, Canvas


def cartpole(state: ArrayLike) -> NDArray[np.uint8]:
    """A cart on its track with its pole.

    Args:
        state: position (track from -2.4 to 2.4), velocity, angle in rad (0 upright), angular
            velocity; (4,).

    Returns:
        (120, 240, 3).
    """
    x, _, theta, _ = (float(v) for v in np.asarray(state))
    canvas, scale, ground = Canvas(240, 120), 46.0, 100.0
    middle = 120 + scale * x
    canvas.rod((0, ground), (240, ground), 2, GREY)
    for limit in (-2.4, 2.4):
        canvas.box((120 + scale * limit, ground), (3, 18), GREY)
    canvas.box((middle, ground - 9), (38, 18), PADDLE)
    axle = np.array([middle, ground - 16])
    tip = axle + 1.6 * scale * np.array([np.sin(theta), -np.cos(theta)])
    canvas.rod(axle, tip, 7, BALL)
    canvas.disc(axle, 4, INK)
    return canvas.pixels()


def pendulum(state: ArrayLike) -> NDArray[np.uint8]:
    """A pendulum on its axle.

    Args:
        state: angle in rad (0 upright, growing counterclockwise), angular velocity; (2,).

    Returns:
        (160, 160, 3).
    """
    theta = float(np.asarray(state)[0])
    canvas = Canvas(160, 160)
    axle = np.array([80.0, 80.0])
    canvas.disc(axle, 74, GRID)
    canvas.rod(axle, axle + 64 * np.array([-np.sin(theta), -np.cos(theta)]), 15, BALL)
    canvas.disc(axle, 5, INK)
    return canvas.pixels()


def side_view(model: Any, data: Any) -> NDArray[np.uint8]:
    """A MuJoCo model seen from the side: its geoms in the x-z plane.

    Made for planar robots (pendulums, Hopper, Walker2d, HalfCheetah), whose spheres, capsules and
    cylinders are rods here; other shapes become rods of their longest side. On a floor the picture
    follows the robot, and marks one metre apart show how it moves.

    Args:
        model: `env.unwrapped.model`.
        data: `env.unwrapped.data`.

    Returns:
        (150, 240, 3).
    """
    plane, box = 0, 6  # mjtGeom
    canvas, scale, ground = Canvas(240, 150), 70.0, 128.0
    floor = [k for k in range(model.ngeom) if model.geom_type[k] == plane]
    walks = any(abs(data.geom_xpos[k][2]) < 0.5 for k in floor)
    centre = float(data.subtree_com[0][0]) if walks else 0.0

    def pixel(point: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([120 + scale * (point[0] - centre), ground - scale * point[2]])

    if walks:
        canvas.box((120, ground + 1), (240, 2), GREY)
        for metre in range(int(np.floor(centre - 2)), int(np.ceil(centre + 2)) + 1):
            canvas.box((120 + scale * (metre - centre), ground + 7), (2, 10), GREY)
    for k in range(model.ngeom):
        if k in floor:
            continue
        turned = data.geom_xmat[k].reshape(3, 3)
        size = model.geom_size[k]
        axis = int(np.argmax(size)) if model.geom_type[k] == box else 2
        half = size[axis] if model.geom_type[k] == box else size[1]
        radius = float(np.min(size)) if model.geom_type[k] == box else size[0]
        reach = half * turned[:, axis]
        middle = data.geom_xpos[k]
        canvas.rod(
            pixel(middle - reach),
            pixel(middle + reach),
            max(3.0, 2 * scale * radius),
            (PADDLE, BALL, GOAL)[k % 3],
        )
    return canvas.pixels()
