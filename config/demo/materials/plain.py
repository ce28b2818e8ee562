"""Untextured finishes that several models share."""

from config.demo.glb import Material

BRASS = Material("Brass", "#c9a05a", metallic=1.0, roughness=0.28)
AGED_BRASS = Material("Aged brass", "#a67f45", metallic=1.0, roughness=0.42)
GOLD = Material("Gold", "#e6b557", metallic=1.0, roughness=0.2)
COPPER = Material("Copper", "#c47a55", metallic=1.0, roughness=0.26)
CHROME = Material("Chrome", "#d9dadc", metallic=1.0, roughness=0.12)
STEEL = Material("Steel", "#a9adb2", metallic=1.0, roughness=0.34)
GUNMETAL = Material("Gunmetal", "#50545a", metallic=0.9, roughness=0.42)
BLACK_METAL = Material("Black powder coat", "#1f2022", metallic=0.3, roughness=0.55)
BLACK_PLASTIC = Material("Black plastic", "#232426", roughness=0.48)
BLACK_RUBBER = Material("Black rubber", "#1b1b1c", roughness=0.85)
WHITE_ENAMEL = Material("White enamel", "#f1ede4", roughness=0.3, clearcoat=0.6)
CREAM = Material("Cream lacquer", "#e9dfc9", roughness=0.38, clearcoat=0.3)
CLEAR_GLASS = Material("Clear glass", "#e8f1f0", roughness=0.04, alpha=0.26)
SMOKED_GLASS = Material("Smoked glass", "#3b4146", roughness=0.06, alpha=0.5)
DARK_GLASS = Material("Dark glass", "#11161c", roughness=0.05, metallic=0.1, clearcoat=1.0)
WARM_LIGHT = Material("Warm light", "#fff1d6", emissive="#ffcf8a", glow=2.0)


def paint(name: str, color: str, roughness: float = 0.35, clearcoat: float = 0.0) -> Material:
    """Solid colour, matt to glossy."""
    return Material(name, color, roughness=roughness, clearcoat=clearcoat)


def metal(name: str, color: str, roughness: float = 0.3) -> Material:
    """Solid metal."""
    return Material(name, color, metallic=1.0, roughness=roughness)


def glass(name: str, color: str, alpha: float = 0.35) -> Material:
    """Tinted see-through glass."""
    return Material(name, color, roughness=0.05, alpha=alpha)
