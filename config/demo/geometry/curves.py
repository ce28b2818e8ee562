"""Points along curves, in two or three dimensions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def spline(points: Sequence[Sequence[float]], count: int = 24, closed: bool = False) -> np.ndarray:
    """`count` points on a centripetal Catmull-Rom curve through `points` (any dimension)."""
    control = np.asarray(points, float)
    if closed:
        control = np.vstack([control[-1:], control, control[:2]])
    else:
        control = np.vstack([2 * control[0] - control[1], control, 2 * control[-1] - control[-2]])
    spans = len(control) - 3
    knots = np.concatenate([[0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(control, axis=0), axis=1)) + 1e-9)])
    where = np.linspace(knots[1], knots[1 + spans], count, endpoint=not closed)
    index = np.clip(np.searchsorted(knots, where, side="right") - 1, 1, spans)
    result = np.empty((count, control.shape[1]))
    for row, (at, i) in enumerate(zip(where, index, strict=True)):
        t = knots[i - 1 : i + 3]
        p = control[i - 1 : i + 3]
        a = [((t[k + 1] - at) * p[k] + (at - t[k]) * p[k + 1]) / (t[k + 1] - t[k]) for k in range(3)]
        b = [((t[k + 2] - at) * a[k] + (at - t[k]) * a[k + 1]) / (t[k + 2] - t[k]) for k in range(2)]
        result[row] = ((t[2] - at) * b[0] + (at - t[1]) * b[1]) / (t[2] - t[1])
    return result


def filleted(
    points: Sequence[Sequence[float]], radius: float | Sequence[float], steps: int = 4, closed: bool = False
) -> np.ndarray:
    """A polyline (2D or 3D) whose corners are rounded by `radius` metres (one for all, or one for each point)."""
    line = np.asarray(points, float)
    count = len(line)
    radii = np.broadcast_to(np.asarray(radius, float), (count,))
    result: list[np.ndarray] = []
    for index in range(count):
        corner = line[index]
        if (not closed and index in (0, count - 1)) or radii[index] <= 0:
            result.append(corner)
            continue
        before, after = line[index - 1] - corner, line[(index + 1) % count] - corner
        lengths = np.linalg.norm(before), np.linalg.norm(after)
        before, after = before / lengths[0], after / lengths[1]
        half = np.arccos(np.clip(before @ after, -1, 1)) / 2
        if half > np.radians(89):
            result.append(corner)
            continue
        reach = min(radii[index] / np.tan(half), 0.49 * lengths[0], 0.49 * lengths[1])
        size = reach * np.tan(half)
        middle = (before + after) / np.linalg.norm(before + after)
        centre = corner + middle * size / np.sin(half)
        start, end = corner + before * reach - centre, corner + after * reach - centre
        sweep = np.arccos(np.clip(start @ end / (size * size), -1, 1))
        for step in range(steps + 1):
            t = step / steps
            result.append(
                centre + (np.sin((1 - t) * sweep) * start + np.sin(t * sweep) * end) / np.sin(sweep)
            )
    return np.array(result)


def circle(radius: float, count: int = 32, y: float = 0.0) -> np.ndarray:
    """Closed ring of (x, y, z) points about the Y axis, counter-clockwise from above."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.column_stack([radius * np.cos(angle), np.full(count, y), -radius * np.sin(angle)])


def superellipse(width: float, height: float, power: float = 2.5, count: int = 40) -> np.ndarray:
    """Closed 2D outline between an ellipse (power 2) and a rectangle (large power), counter-clockwise."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    c, s = np.cos(angle), np.sin(angle)
    return np.column_stack(
        [
            np.sign(c) * np.abs(c) ** (2 / power) * width / 2,
            np.sign(s) * np.abs(s) ** (2 / power) * height / 2,
        ]
    )


def rounded_rectangle(width: float, height: float, radius: float, steps: int = 5) -> np.ndarray:
    """Closed 2D outline, counter-clockwise, centred."""
    x, y = width / 2, height / 2
    return filleted([(-x, -y), (x, -y), (x, y), (-x, y)], radius, steps, closed=True)


def helix(radius: float, pitch: float, turns: float, count: int = 120) -> np.ndarray:
    """Points climbing `pitch` metres a turn about the Y axis."""
    t = np.linspace(0, turns, count)
    angle = 2 * np.pi * t
    return np.column_stack([radius * np.cos(angle), pitch * t, radius * np.sin(angle)])
