"""Small pictures in plain NumPy: boxes, discs and rods with soft edges, no display, no library.

Shapes are drawn by their distance: a pixel's cover falls from 1 to 0 within one pixel of the edge.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Point = Sequence[float]
Colour = tuple[int, int, int]

# Okabe-Ito, as in `qlib.plot.style` (which needs matplotlib), and greys.
BALL: Colour = (213, 94, 0)
PADDLE: Colour = (0, 114, 178)
GOAL: Colour = (0, 158, 115)
GRID: Colour = (237, 237, 237)
INK: Colour = (0, 0, 0)
GREY: Colour = (118, 118, 118)


class Canvas:
    """A white picture to draw on; x to the right, y downwards, in pixels.

    Args:
        width: in pixels.
        height: in pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._pixels = np.full((height, width, 3), 255.0)

    def pixels(self) -> NDArray[np.uint8]:
        """The picture, (height, width, 3)."""
        return np.rint(self._pixels).astype(np.uint8)

    def box(self, center: Point, size: Point, colour: Colour) -> None:
        """A rectangle with sides along the axes."""
        half = np.asarray(size, dtype=np.float64) / 2

        def distance(x: NDArray, y: NDArray) -> NDArray:
            return np.maximum(np.abs(x - center[0]) - half[0], np.abs(y - center[1]) - half[1])

        self._fill(distance, np.asarray(center) - half, np.asarray(center) + half, colour)

    def disc(self, center: Point, radius: float, colour: Colour) -> None:
        """A filled circle."""
        self.rod(center, center, 2 * radius, colour)

    def rod(self, start: Point, end: Point, width: float, colour: Colour) -> None:
        """A straight line with round ends."""
        a, b = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
        along = b - a
        length2 = along @ along

        def distance(x: NDArray, y: NDArray) -> NDArray:
            share = ((x - a[0]) * along[0] + (y - a[1]) * along[1]) / length2 if length2 else 0.0
            share = np.clip(share, 0.0, 1.0)
            return np.hypot(x - a[0] - share * along[0], y - a[1] - share * along[1]) - width / 2

        self._fill(distance, np.minimum(a, b) - width / 2, np.maximum(a, b) + width / 2, colour)

    def _fill(self, distance, low: NDArray, high: NDArray, colour: Colour) -> None:
        """Blend `colour` into the pixels between two corners by their distance to a shape."""
        height, width, _ = self._pixels.shape
        x0, y0 = (max(0, int(np.floor(v - 1))) for v in low)
        x1, y1 = (min(m, int(np.ceil(v + 1))) for v, m in zip(high, (width, height), strict=True))
        if x1 <= x0 or y1 <= y0:
            return
        y, x = np.mgrid[y0:y1, x0:x1] + 0.5
        cover = np.clip(0.5 - distance(x, y), 0.0, 1.0)[..., None]
        part = self._pixels[y0:y1, x0:x1]
        part += cover * (np.array(colour, dtype=np.float64) - part)
