"""Metals: brushed, hammered, forged."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from config.demo.glb import Material
from config.demo.textures import (
    cells,
    coordinates,
    jpeg,
    metallic_roughness,
    normal_map,
    ramp,
    rgb,
    smoothstep,
    spectral_noise,
)


@lru_cache(maxsize=8)
def brushed(
    color: str = "#c4c6c9",
    tile: float = 0.25,
    size: int = 512,
    roughness: float = 0.34,
    name: str = "Brushed aluminium",
) -> Material:
    """Metal with hairlines along U."""
    hair = spectral_noise(size, 121, 0.35, (40, 1), low=4)
    cloud = spectral_noise(size, 122, 1.4)
    picture = np.array(rgb(color)) * (0.9 + 0.14 * hair)[..., None]
    rough = np.clip(roughness + 0.2 * (hair - 0.5) + 0.08 * (cloud - 0.5), 0.05, 1)
    return Material(
        name,
        metallic=1.0,
        roughness=1.0,
        tile=tile,
        base_image=jpeg(picture),
        normal_image=jpeg(normal_map(hair, 0.5), 84),
        surface_image=jpeg(metallic_roughness(rough, 1.0), 80),
    )


@lru_cache(maxsize=8)
def hammered(
    color: str = "#c07a52",
    tile: float = 0.2,
    count: int = 150,
    size: int = 512,
    name: str = "Hammered copper",
) -> Material:
    """Overlapping round dents of a planishing hammer, darker in the seams."""
    near, second, _ = cells(size, count, 131, 0.7)
    spacing = 1 / count**0.5
    dent = (near / spacing) ** 2
    seam = 1 - smoothstep(0.0, 0.2, (second - near) / spacing)
    patina = spectral_noise(size, 132, 1.3)
    picture = np.array(rgb(color)) * (0.86 + 0.2 * patina - 0.22 * seam)[..., None]
    rough = 0.24 + 0.14 * patina + 0.12 * seam
    return Material(
        name,
        metallic=1.0,
        roughness=1.0,
        tile=tile,
        base_image=jpeg(picture),
        normal_image=jpeg(normal_map(dent, 7), 86),
        surface_image=jpeg(metallic_roughness(rough, 1.0), 80),
    )


@lru_cache(maxsize=4)
def forged(
    tile: float = 0.16,
    size: int = 512,
    low: str = "#85888d",
    high: str = "#bcc0c4",
    name: str = "Pattern-welded steel",
) -> Material:
    """Damascus: folded layers, etched so that every other one is dark."""
    _u, v = coordinates(size)
    warp = spectral_noise(size, 141, 1.9, (2, 1))
    fold = np.sin(2 * np.pi * (v * 9 + warp * 3.0)) * 0.5 + 0.5
    line = smoothstep(0.25, 0.75, fold)
    rough = 0.24 + 0.22 * (1 - line)
    return Material(
        name,
        metallic=1.0,
        roughness=1.0,
        tile=tile,
        base_image=jpeg(ramp(line, low, high)),
        surface_image=jpeg(metallic_roughness(rough, 1.0), 80),
    )
