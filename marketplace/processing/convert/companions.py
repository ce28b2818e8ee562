"""The files that ride with a model, found by name inside the upload and nowhere else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from PIL import Image

from ..formats import MATERIAL_EXTENSIONS, TEXTURE_EXTENSIONS
from .glb import mime_type

# What a folder of another machine begins with; of such a reference only the last part is looked at.
ELSEWHERE = re.compile(r"^(?:[A-Za-z]:|/|[a-z][a-z0-9+.-]*://|~)|(?:^|/)\.\.(?:/|$)")
KTX2_EXTENSION = ".ktx2"


def base_name(reference: str) -> str:
    """The last part of a path of any operating system or of an address, as it may be shown to people."""
    last = re.split(r"[\\/]", reference.strip().rstrip("\\/"))[-1]
    return "".join(character for character in last if character.isprintable())[:120]


@dataclass
class Companions:
    """The other files of an upload.

    ``files`` maps names relative to the upload to where they were unpacked; ``model`` is the model's own name among
    them. ``missing`` and ``unreadable`` collect the base names of what was asked for in vain.
    """

    files: dict[str, Path]
    model: str
    scratch: Path
    limits: dict
    missing: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.index: dict[str, Path] = {}
        folder = PurePosixPath(self.model).parent
        for name in sorted(
            self.files, key=lambda name: (_distance(PurePosixPath(name).parent, folder), name)
        ):
            for key in (_relative(name, folder), PurePosixPath(name).name):
                self.index.setdefault(key.lower(), self.files[name])
        self.plain: dict[Path, Path | None] = {}

    def find(self, reference: str) -> Path | None:
        """The file that ``reference`` means: by its place beside the model, else by its base name; the nearest first.

        Upper and lower case are the same. None where the upload holds no such file.
        """
        for text in (reference, unquote(reference)):
            plain = text.strip().replace("\\", "/")
            if not ELSEWHERE.search(plain):
                parts = [part for part in plain.split("/") if part not in ("", ".")]
                if found := self.index.get("/".join(parts).lower()):
                    return found
            if found := self.index.get(base_name(text).lower()):
                return found
        return None

    def picture(self, reference: str) -> Path | None:
        """The picture that ``reference`` means, as a PNG, JPEG or WebP file; where there is none, that is noted."""
        found = self.find(reference)
        if found is None:
            self.missing.add(base_name(unquote(reference)))
            return None
        plain = self.readable(found)
        if plain is None:
            self.unreadable.add(base_name(unquote(reference)))
        return plain

    def readable(self, path: Path) -> Path | None:
        """``path`` itself if glTF may hold it, else a PNG made of it; None if it is no picture within the limits."""
        if path not in self.plain:
            with path.open("rb") as stream:
                kind = mime_type(stream.read(16))
            if kind in ("image/png", "image/jpeg", "image/webp"):
                self.plain[path] = path
            else:
                self.plain[path] = None if kind else self._as_png(path)
        return self.plain[path]

    def opaque(self, picture: Path) -> Path:
        """A PNG, JPEG or WebP as it looks on white paper: the file itself where nothing of it is see-through."""
        target = self.scratch / f"opaque-{picture.stem}.png"
        try:
            with Image.open(picture, formats=("PNG", "JPEG", "WEBP")) as image:
                is_solid = not image.has_transparency_data
                if is_solid or max(image.size) > self.limits["max_image_edge"]:
                    return picture
                white = Image.new("RGBA", image.size, "white")
                white.alpha_composite(image.convert("RGBA"))
                white.convert("RGB").save(target, compress_level=1)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return picture
        return target

    def table(self, texts: Iterable[bytes]) -> dict[str, str]:
        """Where each name leads, for the tool in Node: lower-case names to paths.

        Pictures that glTF cannot hold are made into PNG where one of ``texts`` names them.
        """
        texts = list(texts)
        chosen = {}
        for key, path in self.index.items():
            suffix = path.suffix.lower()
            if suffix in MATERIAL_EXTENSIONS:
                chosen[key] = str(path)
            elif suffix in TEXTURE_EXTENSIONS and suffix != KTX2_EXTENSION:
                named = re.compile(re.escape(PurePosixPath(key).name.encode()), re.IGNORECASE)
                if any(named.search(text) for text in texts) and (plain := self.readable(path)):
                    chosen[key] = str(plain)
        return chosen

    def _as_png(self, path: Path) -> Path | None:
        Image.MAX_IMAGE_PIXELS = self.limits["max_image_edge"] ** 2
        target = self.scratch / f"picture-{len(self.plain)}.png"
        try:
            with Image.open(path, formats=("TGA", "BMP", "TIFF", "GIF", "DDS", "PSD")) as image:
                if max(image.size) > self.limits["max_image_edge"]:
                    return None
                has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
                image.convert("RGBA" if has_alpha else "RGB").save(target, compress_level=1)
        except (OSError, ValueError, SyntaxError, NotImplementedError, Image.DecompressionBombError):
            return None
        return target


def _relative(name: str, folder: PurePosixPath) -> str:
    path = PurePosixPath(name)
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else name


def _distance(one: PurePosixPath, other: PurePosixPath) -> int:
    """Steps from folder to folder."""
    shared = 0
    for left, right in zip(one.parts, other.parts, strict=False):
        if left != right:
            break
        shared += 1
    return len(one.parts) + len(other.parts) - 2 * shared
