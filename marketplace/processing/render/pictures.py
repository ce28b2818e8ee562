"""From rendered frames to the files that the site serves."""

from collections.abc import Iterable
from pathlib import Path

from PIL import Image

POSTER_WIDTHS = {"poster_small": 320, "poster_medium": 640, "poster_large": 1280}
ASPECT = 4 / 3
FRAMES, COLUMNS, ROWS = 24, 6, 4
FRAME_SIZE = (480, 360)
WEBP = {"format": "WEBP", "quality": 86, "alpha_quality": 95, "method": 4}


def is_blank(image: Image.Image) -> bool:
    """Whether nothing was drawn."""
    return image.getchannel("A").getbbox() is None


def write_posters(image: Image.Image, folder: Path) -> dict[str, str]:
    """Writes the poster in all sizes and returns their paths by role."""
    files = {}
    for role, width in POSTER_WIDTHS.items():
        path = folder / f"{role}.webp"
        small = image.resize((width, round(width / ASPECT)), Image.Resampling.LANCZOS)
        small.save(path, **WEBP)
        files[role] = str(path)
    return files


def write_turntable(frames: Iterable[Image.Image], folder: Path) -> dict[str, str]:
    """Writes all frames into one picture, row by row, and returns its path by role."""
    width, height = FRAME_SIZE
    sprite = Image.new("RGBA", (width * COLUMNS, height * ROWS))
    for index, frame in enumerate(frames):
        small = frame.resize(FRAME_SIZE, Image.Resampling.LANCZOS)
        sprite.paste(small, (index % COLUMNS * width, index // COLUMNS * height))
    path = folder / "turntable.webp"
    sprite.save(path, **{**WEBP, "quality": 78, "method": 3})
    return {"turntable": str(path)}
