"""Wood, leather and woven materials."""

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
    ramp,
    rgb,
    sampled,
    smoothstep,
    spectral_noise,
)

WOODS = {
    "walnut": ("#33200f", "#56371f", "#6d492b", "#87603c"),
    "oak": ("#a27b4a", "#bb9560", "#c9a674", "#d8ba8c"),
    "ash": ("#c3a67c", "#d3ba92", "#dfc9a5", "#e8d6b7"),
    "mahogany": ("#40180e", "#5c2415", "#77331f", "#8d452b"),
    "spruce": ("#d9b477", "#e2c189", "#ebcd9a", "#f0d7aa"),
    "ebony": ("#17120f", "#221b17", "#2c241e", "#382e27"),
    "weathered": ("#5a5148", "#776c60", "#8c8173", "#a39888"),
}


@lru_cache(maxsize=16)
def wood(kind: str, tile: float = 0.5, size: int = 512, gloss: float = 0.45, rings: int = 12) -> Material:
    """Grain runs along U. `gloss` is the mean roughness."""
    _u, v = coordinates(size)
    warp = spectral_noise(size, 11, 2.0, (2.2, 1)) - 0.5
    drift = spectral_noise(size, 12, 1.7, (5, 1)) - 0.5
    wave = (v * rings + warp * 2.2 + drift * 0.6) % 1
    ring = smoothstep(0.0, 0.75, wave) * (1 - smoothstep(0.85, 1.0, wave))
    fibre = spectral_noise(size, 13, 0.55, (14, 1), low=10)
    pores = smoothstep(0.74, 0.95, spectral_noise(size, 14, 0.3, (9, 1), low=20))
    tone = np.clip(0.18 + 0.45 * ring + 0.35 * (fibre - 0.5) + 0.35 * warp + 0.12, 0, 1)
    color = ramp(tone, *WOODS[kind]) * (1 - 0.28 * pores[..., None])
    height = 0.5 * fibre - 0.8 * pores + 0.1 * ring
    roughness = np.clip(gloss + 0.16 * (fibre - 0.5) + 0.18 * pores, 0, 1)
    return Material(
        f"{kind.capitalize()} wood",
        roughness=1.0,
        tile=tile,
        base_image=jpeg(color),
        normal_image=jpeg(normal_map(height, 1.3), 84),
        surface_image=jpeg(metallic_roughness(roughness), 80),
    )


@lru_cache(maxsize=8)
def planks(
    kind: str, rows: int = 8, tile: float = 1.0, size: int = 512, gap: float = 0.06, tint: str = "#ffffff"
) -> Material:
    """Boards along U, `rows` of them in a tile, each cut from another part of the wood."""
    u, v = coordinates(size)
    row = np.floor(v * rows).astype(int)
    random = np.random.default_rng(21)
    shift, tone = random.integers(0, size, rows), random.uniform(-0.16, 0.16, rows)
    warp = spectral_noise(size, 22, 1.9, (6, 1)) - 0.5
    fibre = spectral_noise(size, 23, 0.6, (16, 1), low=8)
    local = sampled(0.5 + 0.75 * warp + 0.4 * (fibre - 0.5), shift[row], shift[::-1][row])
    edge = np.minimum(v * rows % 1, 1 - v * rows % 1)
    joint_at = random.random(rows)[row]
    joint = np.abs((u - joint_at + 0.5) % 1 - 0.5) * rows * 0.9
    flat = smoothstep(0, gap, np.minimum(edge, joint))
    color = ramp(np.clip(local + tone[row], 0, 1), *WOODS[kind]) * rgb(tint)
    color = mix(color * 0.25, color, flat)
    height = flat * 2 + 0.35 * fibre
    roughness = 0.58 + 0.15 * (fibre - 0.5) + 0.25 * (1 - flat)
    return Material(
        f"{kind.capitalize()} planks",
        roughness=1.0,
        tile=tile,
        base_image=jpeg(color),
        normal_image=jpeg(normal_map(height, 2.2), 84),
        surface_image=jpeg(metallic_roughness(roughness), 80),
    )


@lru_cache(maxsize=8)
def leather(color: str, tile: float = 0.12, size: int = 512, name: str = "Leather") -> Material:
    """Fine pebbled grain with a worn sheen."""
    near, second, _ = cells(size, 1600, 31)
    pebble = smoothstep(0.0, 0.011, second - near)
    patina = spectral_noise(size, 32, 1.5)
    fine = spectral_noise(size, 33, 0.4, low=20)
    base = np.array(rgb(color))
    picture = base * (0.78 + 0.3 * patina[..., None]) * (0.82 + 0.18 * pebble[..., None])
    roughness = 0.42 + 0.22 * (1 - patina) + 0.15 * (1 - pebble)
    return Material(
        name,
        roughness=1.0,
        tile=tile,
        base_image=jpeg(picture),
        normal_image=jpeg(normal_map(pebble + 0.25 * fine, 1.7), 84),
        surface_image=jpeg(metallic_roughness(roughness), 80),
    )


@lru_cache(maxsize=8)
def fabric(
    color: str,
    second: str | None = None,
    tile: float = 0.08,
    threads: int = 28,
    size: int = 512,
    name: str = "Linen",
) -> Material:
    """Plain weave: warp and weft cross over and under, with uneven yarn. `second` colours the weft."""
    u, v = coordinates(size)
    wobble = (spectral_noise(size, 41, 1.2) - 0.5) * 0.5
    x, y = u * threads + wobble, v * threads + wobble
    over = (np.floor(x).astype(int) + np.floor(y).astype(int)) % 2 == 0
    warp, weft = np.abs(np.sin(np.pi * x)), np.abs(np.sin(np.pi * y))
    height = np.where(over, warp**0.6 * (0.55 + 0.45 * weft), weft**0.6 * (0.55 + 0.45 * warp))
    yarn = np.where(over, spectral_noise(size, 42, 0.8, (1, 10)), spectral_noise(size, 43, 0.8, (10, 1)))
    first, other = np.array(rgb(color)), np.array(rgb(second or color))
    picture = (
        np.where(over[..., None], first, other)
        * (0.62 + 0.4 * height[..., None])
        * (0.86 + 0.28 * yarn[..., None])
    )
    return Material(
        name,
        roughness=0.9,
        tile=tile,
        sheen=color,
        base_image=jpeg(picture, 86),
        normal_image=jpeg(normal_map(height + 0.2 * yarn, 2.4), 82),
    )


@lru_cache(maxsize=8)
def boucle(color: str, tile: float = 0.16, size: int = 512, name: str = "Bouclé") -> Material:
    """Looped wool: soft round knots of many sizes."""
    near, _second, index = cells(size, 900, 51)
    loop = np.clip(1 - near / 0.03, 0, 1) ** 0.6
    fuzz = spectral_noise(size, 52, 0.5, low=16)
    tone = np.random.default_rng(53).uniform(0.88, 1.06, index.max() + 1)[index]
    picture = np.array(rgb(color)) * ((0.6 + 0.4 * loop) * tone * (0.9 + 0.2 * fuzz))[..., None]
    return Material(
        name,
        roughness=0.95,
        tile=tile,
        sheen=color,
        base_image=jpeg(picture, 84),
        normal_image=jpeg(normal_map(loop * 2 + 0.6 * fuzz, 2.2), 80),
    )


@lru_cache(maxsize=8)
def wicker(color: str = "#b98a52", tile: float = 0.24, strands: int = 12, size: int = 512) -> Material:
    """Basket weave of round willow."""
    u, v = coordinates(size)
    row = np.floor(v * strands)
    lift = 0.5 + 0.5 * np.cos(np.pi * (u * strands + row))
    round_strand = np.abs(np.sin(np.pi * v * strands)) ** 0.7
    height = round_strand * (0.25 + 0.75 * lift)
    fibre = spectral_noise(size, 61, 0.9, (12, 1))
    picture = np.array(rgb(color)) * ((0.3 + 0.75 * height) * (0.8 + 0.35 * fibre))[..., None]
    return Material(
        "Willow wicker",
        roughness=0.62,
        tile=tile,
        base_image=jpeg(picture),
        normal_image=jpeg(normal_map(height, 6), 84),
    )
