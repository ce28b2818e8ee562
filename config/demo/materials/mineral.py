"""Stone and fired clay."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from config.demo.glb import Material
from config.demo.textures import (
    cells,
    coordinates,
    jpeg,
    metallic_roughness,
    mix,
    normal_map,
    rgb,
    sampled,
    smoothstep,
    spectral_noise,
)


@lru_cache(maxsize=8)
def marble(
    base: str = "#efece7", vein: str = "#7c7f86", gold: str | None = None, tile: float = 0.9, size: int = 1024
) -> Material:
    """Polished stone with branching veins; `gold` adds a second, thinner family."""
    warp_x = (spectral_noise(size, 71, 1.8) - 0.5) * size * 0.35
    warp_y = (spectral_noise(size, 72, 1.8) - 0.5) * size * 0.35
    ground = sampled(spectral_noise(size, 73, 1.7), warp_x, warp_y)
    ridge = 1 - np.abs(sampled(spectral_noise(size, 74, 1.9), warp_x, warp_y) - 0.5) * 2
    fine = 1 - np.abs(sampled(spectral_noise(size, 75, 1.5), warp_y, warp_x) - 0.5) * 2
    veins = np.clip(
        smoothstep(0.93, 1.0, ridge) * (0.35 + ground) + 0.35 * smoothstep(0.965, 1.0, fine), 0, 1
    )
    first, dark = np.array(rgb(base)), np.array(rgb(vein))
    picture = mix(np.broadcast_to(first, (size, size, 3)), dark, 0.16 * ground + 0.8 * veins)
    if gold:
        thread = smoothstep(
            0.975, 1.0, 1 - np.abs(sampled(spectral_noise(size, 76, 1.9), -warp_y, warp_x) - 0.5) * 2
        )
        picture = mix(picture, np.array(rgb(gold)), 0.85 * thread)
    roughness = 0.16 + 0.1 * veins + 0.05 * ground
    return Material(
        "Marble",
        roughness=1.0,
        tile=tile,
        clearcoat=0.4,
        base_image=jpeg(picture, 86),
        surface_image=jpeg(metallic_roughness(roughness), 72),
    )


@lru_cache(maxsize=8)
def terrazzo(
    ground: str, chips: tuple[str, ...], tile: float = 0.3, size: int = 512, count: int = 420
) -> Material:
    """Stone chips of many sizes set in cement and ground flat."""
    random = np.random.default_rng(81)
    picture = np.broadcast_to(np.array(rgb(ground)), (size, size, 3)) * (
        0.94 + 0.1 * spectral_noise(size, 82, 0.7)[..., None]
    )
    colors = np.array([rgb(chip) for chip in chips])
    chip_mask = np.zeros((size, size))
    for layer, amount in enumerate((count * 3, count, count // 4)):
        near, second, index = cells(size, amount, 83 + layer)
        total = index.max() + 1
        shrink = random.uniform(0.05, 0.5, total)[index] / amount**0.5
        inside = (
            smoothstep(0, 0.003, second - near - shrink)
            * (random.random(total) < (0.35, 0.5, 0.45)[layer])[index]
        )
        picture = mix(picture, colors[random.integers(0, len(chips), total)][index], inside)
        chip_mask = np.maximum(chip_mask, inside)
    roughness = 0.5 - 0.22 * chip_mask
    return Material(
        "Terrazzo",
        roughness=1.0,
        tile=tile,
        base_image=jpeg(picture),
        surface_image=jpeg(metallic_roughness(roughness), 78),
    )


@lru_cache(maxsize=8)
def bricks(
    color: str = "#a4533b",
    mortar: str = "#c9beae",
    rows: int = 12,
    tile: float = 1.0,
    size: int = 512,
    name: str = "Brick",
) -> Material:
    """Running bond, worn edges, each brick fired a little differently."""
    u, v = coordinates(size)
    columns = rows // 3
    row = np.floor(v * rows).astype(int)
    x = u * columns + 0.5 * (row % 2)
    column = np.floor(x).astype(int) % columns
    wobble = (spectral_noise(size, 91, 1.0) - 0.5) * 0.06
    edge = np.minimum(np.minimum(x % 1, 1 - x % 1) * 3, np.minimum(v * rows % 1, 1 - v * rows % 1)) + wobble
    flat = smoothstep(0.05, 0.16, edge)
    random = np.random.default_rng(92)
    tone = random.uniform(0.72, 1.18, (rows, columns))[row, column]
    warm = random.uniform(-0.05, 0.05, (rows, columns))[row, column]
    grain = spectral_noise(size, 93, 0.7)
    face = np.array(rgb(color)) * (tone * (0.82 + 0.34 * grain))[..., None] + np.stack(
        [warm, warm * 0.3, -warm * 0.4], -1
    )
    picture = mix(np.array(rgb(mortar)) * (0.8 + 0.25 * grain)[..., None], face, flat)
    return Material(
        name,
        roughness=0.88,
        tile=tile,
        base_image=jpeg(picture),
        normal_image=jpeg(normal_map(flat * 1.6 + 0.4 * grain, 2.6), 84),
    )


@lru_cache(maxsize=8)
def rubble(
    color: str = "#8f8a80",
    mortar: str = "#6a655c",
    tile: float = 1.0,
    count: int = 60,
    size: int = 512,
    name: str = "Field stone",
) -> Material:
    """Irregular stones bedded in mortar."""
    near, second, index = cells(size, count, 95, 0.85)
    flat = smoothstep(0.006, 0.035, second - near)
    grain = spectral_noise(size, 96, 1.0)
    tone = np.random.default_rng(97).uniform(0.75, 1.2, index.max() + 1)[index]
    face = np.array(rgb(color)) * (tone * (0.8 + 0.35 * grain))[..., None]
    picture = mix(np.array(rgb(mortar)) * (0.7 + 0.4 * grain)[..., None], face, flat)
    return Material(
        name,
        roughness=0.9,
        tile=tile,
        base_image=jpeg(picture),
        normal_image=jpeg(normal_map(flat * 2.5 + 0.9 * grain, 3.0), 84),
    )


@lru_cache(maxsize=8)
def glaze(
    color: str,
    speckle: str = "#4a3b2c",
    tile: float = 0.3,
    size: int = 512,
    amount: float = 0.5,
    name: str = "Speckled glaze",
) -> Material:
    """Stoneware glaze: iron specks and a softly pooling colour."""
    pool = spectral_noise(size, 101, 1.6)
    near, _, index = cells(size, 1500, 102)
    random = np.random.default_rng(103)
    radius = (
        random.uniform(0.0005, 0.0048, index.max() + 1)[index]
        * (random.random(index.max() + 1) < amount)[index]
    )
    speck = 1 - smoothstep(0.4, 1.0, near / np.maximum(radius, 1e-4))
    base = np.array(rgb(color)) * (0.9 + 0.16 * pool)[..., None]
    picture = mix(base, np.array(rgb(speckle)), speck * 0.75)
    roughness = 0.24 + 0.14 * pool + 0.25 * speck
    return Material(
        name,
        roughness=1.0,
        tile=tile,
        clearcoat=0.5,
        base_image=jpeg(picture),
        surface_image=jpeg(metallic_roughness(roughness), 78),
    )


@lru_cache(maxsize=8)
def rough_clay(
    color: str = "#b5654a", tile: float = 0.3, size: int = 512, name: str = "Terracotta"
) -> Material:
    """Unglazed clay (or plaster, or concrete, by colour) with a chalky bloom."""
    bloom, grain = spectral_noise(size, 111, 1.4), spectral_noise(size, 112, 0.5, low=6)
    pits = smoothstep(0.8, 0.95, spectral_noise(size, 113, 0.5, low=12))
    picture = np.array(rgb(color)) * (0.86 + 0.2 * bloom + 0.1 * (grain - 0.5) - 0.15 * pits)[..., None]
    picture = mix(picture, np.array([0.9, 0.86, 0.8]), 0.12 * smoothstep(0.6, 1, bloom))
    return Material(
        name,
        roughness=0.88,
        tile=tile,
        base_image=jpeg(picture),
        normal_image=jpeg(normal_map(grain * 0.6 - pits, 1.6), 82),
    )


@lru_cache(maxsize=8)
def shingles(
    color: str = "#5d4a3d", rows: int = 10, tile: float = 1.0, size: int = 512, name: str = "Wooden shingles"
) -> Material:
    """Overlapping roof shingles, each a shade of its own, casting a small shadow on the row below."""
    u, v = coordinates(size)
    row = np.floor(v * rows).astype(int)
    x = u * rows + 0.5 * (row % 2) + 0.13 * ((row * 7) % 3)
    column = np.floor(x).astype(int) % rows
    down = v * rows % 1
    random = np.random.default_rng(151)
    tone = random.uniform(0.68, 1.25, (rows, rows))[row, column]
    grain = spectral_noise(size, 152, 0.8, (1, 9))
    gap = smoothstep(0.02, 0.07, np.minimum(x % 1, 1 - x % 1))
    lip = smoothstep(0.0, 0.14, down) * (1 - 0.35 * smoothstep(0.93, 1.0, down))
    picture = np.array(rgb(color)) * (tone * (0.75 + 0.45 * grain) * (0.35 + 0.65 * gap * lip))[..., None]
    height = down * 1.6 * gap + 0.3 * grain
    return Material(
        name,
        roughness=0.85,
        tile=tile,
        base_image=jpeg(picture),
        normal_image=jpeg(normal_map(height, 2.5), 84),
    )


@lru_cache(maxsize=4)
def tiles(
    color: str = "#dfe6e3",
    accent: str = "#2f6f73",
    grout: str = "#bdb7ab",
    count: int = 4,
    tile: float = 0.6,
    size: int = 512,
) -> Material:
    """Glazed encaustic tiles with a quartered pattern."""
    u, v = coordinates(size)
    x, y = u * count % 1 - 0.5, v * count % 1 - 0.5
    radius, corner = np.hypot(x, y), np.hypot(np.abs(x) - 0.5, np.abs(y) - 0.5)
    petal = np.abs(np.sin(2 * np.arctan2(y, x)))
    motif = smoothstep(0.0, 0.02, 0.16 + 0.2 * petal - radius) - smoothstep(0.0, 0.02, 0.1 - radius)
    motif = np.clip(motif + smoothstep(0, 0.02, 0.26 - corner) - smoothstep(0, 0.02, 0.17 - corner), 0, 1)
    flat = smoothstep(0.0, 0.025, 0.485 - np.maximum(np.abs(x), np.abs(y)))
    pool = spectral_noise(size, 161, 1.3)
    picture = (
        mix(np.broadcast_to(np.array(rgb(color)), (size, size, 3)), np.array(rgb(accent)), motif)
        * (0.92 + 0.12 * pool)[..., None]
    )
    picture = mix(np.array(rgb(grout)), picture, flat)
    roughness = 0.75 - 0.5 * flat + 0.1 * pool
    return Material(
        "Encaustic tiles",
        roughness=1.0,
        tile=tile,
        base_image=jpeg(picture),
        normal_image=jpeg(normal_map(flat + 0.15 * pool, 1.5), 84),
        surface_image=jpeg(metallic_roughness(roughness), 80),
    )
