"""The light of our pictures: a small photo studio painted into a panorama, so that metal has something to mirror."""

import os
from pathlib import Path

import numpy as np

WIDTH, HEIGHT = 512, 256
FLOOR = (0.20, 0.195, 0.19)
CEILING = (0.60, 0.62, 0.66)
# Soft boxes: azimuth, elevation (degrees; 0 is the front), half width, half height (tangents), colour.
SOFT_BOXES = (
    (50, 45, 0.60, 0.45, (5.2, 5.05, 4.8)),
    (-70, 25, 0.35, 0.70, (2.2, 2.3, 2.5)),
    (170, 35, 0.70, 0.25, (3.0, 3.0, 3.1)),
    (0, 88, 0.70, 0.70, (1.6, 1.6, 1.6)),
)
EDGE_SOFTNESS = 0.06


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
    phi = (np.arange(WIDTH) + 0.5) / WIDTH * 2 * np.pi - np.pi
    flat = np.ones((HEIGHT, WIDTH))
    directions = np.stack(
        [np.outer(np.sin(theta), np.sin(phi)), np.cos(theta)[:, None] * flat, np.outer(np.sin(theta), np.cos(phi))],
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
