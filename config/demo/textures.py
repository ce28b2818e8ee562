"""Patterns behind the demo materials: tileable heights, colours and roughness as arrays."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image
from scipy.spatial import cKDTree


def spectral_noise(
    size: int, seed: int, roughness: float = 1.6, stretch: tuple[float, float] = (1, 1), low: float = 1.0
) -> np.ndarray:
    """Tileable noise in 0..1. `stretch` draws it out along (x, y); `low` drops waves longer than size/low pixels."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft2(random.standard_normal((size, size)))
    fy = np.fft.fftfreq(size)[:, None] * size * stretch[1]
    fx = np.fft.rfftfreq(size)[None, :] * size * stretch[0]
    wave = np.hypot(fx, fy)
    spectrum *= np.where(wave < low, 0, 1 / np.maximum(wave, 1) ** roughness)
    field = np.fft.irfft2(spectrum, s=(size, size))
    low_end, high_end = np.percentile(field, [0.5, 99.5])
    return np.clip((field - low_end) / (high_end - low_end), 0, 1)


def sampled(image: np.ndarray, dx: np.ndarray, dy: np.ndarray) -> np.ndarray:
    """The tile read with each pixel displaced by (dx, dy) pixels, wrapping."""
    size = image.shape[0]
    y, x = np.mgrid[0:size, 0:size]
    return image[(y + np.round(dy).astype(int)) % size, (x + np.round(dx).astype(int)) % size]


def cells(size: int, count: int, seed: int, jitter: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tileable Voronoi cells: distance to the nearest and the second point (in tile units), and the cell number."""
    random = np.random.default_rng(seed)
    side = max(1, round(count**0.5))
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2)
    points = ((grid + 0.5 + (random.random(grid.shape) - 0.5) * jitter) / side) % 1
    y, x = np.mgrid[0:size, 0:size]
    where = np.column_stack([x.ravel(), y.ravel()]) / size
    distance, index = cKDTree(points, boxsize=1).query(where, k=2)
    shape = (size, size)
    return distance[:, 0].reshape(shape), distance[:, 1].reshape(shape), index[:, 0].reshape(shape)


def ramp(values: np.ndarray, *stops: str) -> np.ndarray:
    """Map 0..1 onto evenly spaced sRGB colours ("#rrggbb"), as floats in 0..1."""
    colors = np.array([rgb(stop) for stop in stops])
    at = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(values, at, colors[:, channel]) for channel in range(3)], -1)


def rgb(color: str) -> tuple[float, float, float]:
    """sRGB 0..1 of "#rrggbb"."""
    return tuple(int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))


def mix(first: np.ndarray, second: np.ndarray, amount: np.ndarray | float) -> np.ndarray:
    """Blend two pictures by 0..1."""
    weight = np.asarray(amount)
    weight = weight[..., None] if weight.ndim == 2 else weight
    return first * (1 - weight) + second * weight


def smoothstep(low: float, high: float, values: np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def normal_map(height: np.ndarray, strength: float) -> np.ndarray:
    """Tangent-space normals (OpenGL, green up) of a height tile; `strength` is the height range in pixels."""
    dx = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * strength / 2
    dy = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) * strength / 2
    normal = np.dstack([-dx, dy, np.ones_like(height)])
    return normal / np.linalg.norm(normal, axis=-1, keepdims=True) * 0.5 + 0.5


def metallic_roughness(roughness: np.ndarray, metallic: np.ndarray | float = 0.0) -> np.ndarray:
    """The glTF packing: roughness in green, metallic in blue."""
    return np.dstack([np.ones_like(roughness), roughness, np.broadcast_to(metallic, roughness.shape)])


def jpeg(picture: np.ndarray, quality: int = 88) -> bytes:
    """Encode floats in 0..1."""
    buffer = io.BytesIO()
    image = Image.fromarray(np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8), "RGB")
    image.save(buffer, "JPEG", quality=quality, subsampling=0)
    return buffer.getvalue()


@lru_cache(maxsize=16)
def coordinates(size: int) -> tuple[np.ndarray, np.ndarray]:
    """U and V in 0..1 for each pixel, V downwards."""
    v, u = np.mgrid[0:size, 0:size] / size
    return u, v
