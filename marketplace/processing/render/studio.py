"""The light of our pictures: a small photo studio painted into a panorama, so that metal has something to mirror."""

import hashlib
import os
from pathlib import Path

import numpy as np

WIDTH, HEIGHT = 512, 256
FLOOR = (0.17, 0.165, 0.16)
CEILING = (0.52, 0.535, 0.56)
# Soft boxes: azimuth, elevation (degrees; 0 is the front), half width, half height (tangents), colour.
SOFT_BOXES = (
    (-5, 42, 0.55, 0.50, (6.8, 6.6, 6.2)),
    (115, 18, 0.35, 0.70, (1.7, 1.8, 2.0)),
    (215, 35, 0.70, 0.30, (3.0, 3.0, 3.1)),
    (0, 88, 0.70, 0.70, (1.1, 1.1, 1.1)),
)
EDGE_SOFTNESS = 0.06
# Names what is cached of this light: another light, another name.
DIGEST = hashlib.sha256(
    repr((WIDTH, HEIGHT, FLOOR, CEILING, SOFT_BOXES, EDGE_SOFTNESS)).encode()
).hexdigest()[:12]


def panorama(directions: np.ndarray) -> np.ndarray:
    """Radiance (linear RGB) that comes from each unit direction; shape (…, 3) in and out."""
    blend = np.clip(directions[..., 1:2] * 0.5 + 0.5, 0, 1)
    light = (1 - blend) * np.array(FLOOR) + blend * np.array(CEILING)
    for azimuth, elevation, half_width, half_height, colour in SOFT_BOXES:
        a, e = np.radians([azimuth, elevation])
        centre = np.array([np.cos(e) * np.sin(a), np.sin(e), np.cos(e) * np.cos(a)])
        right = np.array([np.cos(a), 0, -np.sin(a)])
        up = np.cross(centre, right)
        facing = directions @ centre
        depth = np.maximum(facing, 1e-3)
        x = np.abs(directions @ right) / depth
        y = np.abs(directions @ up) / depth
        mask = _soft_step(half_width - x) * _soft_step(half_height - y) * (facing > 0)
        light = light + mask[..., None] * np.array(colour)
    return light


def _soft_step(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(value / EDGE_SOFTNESS, -40, 40)))


def write_panorama(path: Path) -> None:
    """Writes the studio as a Radiance HDR file, all at once, so that a reader never meets half of it."""
    theta = (np.arange(HEIGHT) + 0.5) / HEIGHT * np.pi
    # The columns run against our azimuth, and f3d's first quarter turn is our front.
    phi = np.pi / 2 - ((np.arange(WIDTH) + 0.5) / WIDTH * 2 * np.pi - np.pi)
    flat = np.ones((HEIGHT, WIDTH))
    directions = np.stack(
        [
            np.outer(np.sin(theta), np.sin(phi)),
            np.cos(theta)[:, None] * flat,
            np.outer(np.sin(theta), np.cos(phi)),
        ],
        axis=-1,
    )
    image = panorama(directions)
    exponent = np.ceil(np.log2(np.maximum(image.max(axis=-1, keepdims=True), 1e-9)))
    mantissa = np.clip(image * 256 / 2**exponent, 0, 255)
    pixels = np.concatenate([mantissa, exponent + 128], axis=-1).astype(np.uint8)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    header = f"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {HEIGHT} +X {WIDTH}\n"
    partial.write_bytes(header.encode() + pixels.tobytes())
    partial.replace(path)
