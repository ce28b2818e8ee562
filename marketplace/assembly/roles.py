"""What a file is for, by its name. Whether its content keeps the name's promise, the preflight looks at."""

import unicodedata
from enum import StrEnum
from pathlib import PurePosixPath

from marketplace.processing.archive import (
    ARCHIVE_EXTENSIONS,
    JUNK_FOLDERS,
    JUNK_NAMES,
    PROGRAM_EXTENSIONS,
)
from marketplace.processing.formats import (
    ARCHIVE_EXTENSION,
    FORMATS,
    MATERIAL_EXTENSIONS,
    TEXTURE_EXTENSIONS,
    Format,
    format_of_name,
)

DOCUMENT_EXTENSIONS = (".pdf", ".txt", ".md")
# Textures that may also be pictures of the gallery.
PICTURE_EXTENSIONS = (".png", ".jpg", ".jpeg", ".webp")
# The formats whose files name these companions.
MATERIAL_FORMATS = {".mtl": Format.OBJ, ".bin": Format.GLTF}
_PART_LENGTH = 120
_PATH_PARTS = 8


class Role(StrEnum):
    """What a dropped file can be."""

    MODEL = "model"
    MATERIAL = "material"
    TEXTURE = "texture"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    JUNK = "junk"
    REFUSED = "refused"


def role_of(path: str) -> Role:
    """The role of a file with this name or path."""
    *folders, name = path.lower().split("/")
    if name in JUNK_NAMES or name.startswith("._") or not JUNK_FOLDERS.isdisjoint(folders):
        return Role.JUNK
    if format_of_name(name):
        return Role.MODEL
    suffix = PurePosixPath(name).suffix
    roles = {
        Role.MATERIAL: MATERIAL_EXTENSIONS,
        Role.TEXTURE: TEXTURE_EXTENSIONS,
        Role.DOCUMENT: DOCUMENT_EXTENSIONS,
        Role.ARCHIVE: (ARCHIVE_EXTENSION,),
    }
    return next((role for role, extensions in roles.items() if suffix in extensions), Role.REFUSED)


def why_refused(path: str) -> str:
    """The sentence about a file with the role REFUSED."""
    suffix = PurePosixPath(path.lower()).suffix
    if suffix in PROGRAM_EXTENSIONS:
        return "Programs, scripts and web pages are not taken."
    if suffix in ARCHIVE_EXTENSIONS:
        return "Of archives only .zip is taken: unpack it, and choose the folder or a zip of it."
    labels = ", ".join(info.label for info in FORMATS.values())
    return f"This kind of file is not taken. Models come as {labels}; with them textures, PDF, TXT and MD."


def clean_path(path: str) -> str:
    """A relative path that is harmless on every system; the folders and the name stay recognisable."""
    plain = unicodedata.normalize("NFC", path).replace("\\", "/")
    parts = [_clean_part(part) for part in plain.split("/")]
    kept = [part for part in parts if part]
    return "/".join(kept[-_PATH_PARTS:]) or "file"


def _clean_part(part: str) -> str:
    shown = "".join("_" if sign in '<>:"|?*' else sign for sign in part if sign.isprintable())
    shown = shown.strip().rstrip(".").lstrip("~")
    if set(shown) <= {"."}:
        return ""
    # Bytes, since file systems count those; the extension stays.
    suffix = PurePosixPath(shown).suffix[:20]
    stem = shown[: len(shown) - len(suffix)].encode()[: _PART_LENGTH - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix


def stem_of(path: str) -> str:
    """The name without folders and extension, for comparing."""
    return PurePosixPath(path).stem.casefold()


def folders_of(path: str) -> tuple[str, ...]:
    return PurePosixPath(path).parts[:-1]
