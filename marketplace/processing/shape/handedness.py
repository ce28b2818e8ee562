"""Numbers that change their sign in a mirror: they tell a shape from its mirror image.

A shape's axes of inertia, by size and as a right-handed frame, leave open which way each axis points; but turning two
of them round is all that is open. So what is odd along all three axes is well defined, and a mirror changes its sign.
A shape that is its own mirror image has zeros, and so has one whose axes are equally long, for which it cannot be told.
"""

import numpy as np

from .descriptor import POINTS
from .surface import Surface

# Axes nearer to each other than this share of their length are in truth not told apart.
FIRM_GAP = 0.08
# Below this strength numbers are noise: of measuring, and of how finely a surface is cut up.
LEAST = 0.012


def handedness_of(surface: Surface) -> np.ndarray:
    """Six numbers, odd under reflection, near zero for shapes without a hand."""
    lengths, axes = np.linalg.eigh(surface.second_moment)
    lengths = np.sqrt(np.maximum(lengths, 0))
    if np.linalg.det(axes) < 0:
        axes = -axes
    x, y, z = (surface.points(POINTS)[0] @ axes).T
    product = x * y * z
    skews = np.cbrt([np.mean(side**3) for side in (x, y, z)])
    numbers = np.array(
        [
            np.mean(product),
            np.mean(product * x * x),
            np.mean(product * y * y),
            np.mean(product * z * z),
            np.mean(np.sign(product)),
            np.prod(skews),
        ]
    )
    return numbers * _firmness(lengths)


def _firmness(lengths: np.ndarray) -> float:
    """0 where two axes are equally long, so that their directions are chance; 1 where they are clearly not."""
    gaps = np.diff(lengths) / max(float(lengths[-1]), 1e-12)
    return float(np.clip(gaps.min() / FIRM_GAP, 0, 1))


def mirrored(one: list[float], other: list[float]) -> bool | None:
    """Whether two alike shapes are mirror images of each other; None where it cannot be told."""
    first, second = np.asarray(one), np.asarray(other)
    strengths = np.linalg.norm(first), np.linalg.norm(second)
    if min(strengths) < LEAST or max(strengths) > 3 * min(strengths):
        return None
    likeness = float(first @ second / (strengths[0] * strengths[1]))
    if abs(likeness) < 0.6:
        return None
    return likeness < 0
