"""Names of uploads: what a browser calls a file, made safe, or refused."""

import unicodedata
from pathlib import PurePosixPath

from marketplace.exceptions import UploadRefused
from marketplace.models import ModelDocument, Upload
from marketplace.processing.formats import (
    ARCHIVE_EXTENSION,
    FORMATS,
    MATERIAL_EXTENSIONS,
    TEXTURE_EXTENSIONS,
)

_NAME_LENGTH = Upload._meta.get_field("name").max_length
_PATH_LENGTH = Upload._meta.get_field("path").max_length
# What most file systems allow for one name.
_NAME_BYTES = 255
# Control signs, invisible ones (writing direction among them), halves of pairs, private ones, line and paragraph ends.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
DOCUMENT_EXTENSIONS = tuple(f".{kind}" for kind in ModelDocument.Kind.values)
MODEL_EXTENSIONS = tuple(extension for info in FORMATS.values() for extension in info.extensions)
EXTENSIONS = frozenset(
    {ARCHIVE_EXTENSION, *MODEL_EXTENSIONS, *TEXTURE_EXTENSIONS, *MATERIAL_EXTENSIONS, *DOCUMENT_EXTENSIONS}
)


def clean_path(raw: str) -> str:
    """The relative path of a dropped file, of names that can be shown, stored and packed.

    Raises:
        UploadRefused: it leads out of its folder, has no name, or is too long.
    """
    seen = "".join(sign for sign in raw if unicodedata.category(sign) not in _UNSEEN)
    names = [name.strip() for name in unicodedata.normalize("NFC", seen).replace("\\", "/").split("/")]
    # A drive letter is where the folder lay, not a folder.
    names = [name for name in names if name not in ("", ".") and not (len(name) == 2 and name[1] == ":")]
    if ".." in names:
        raise UploadRefused("bad-name", "The name of a file may not lead out of its folder. Rename it.")
    if not names or not PurePosixPath(names[-1]).stem.strip("."):
        raise UploadRefused("bad-name", "The file has no usable name. Rename it and upload it again.")
    path = "/".join(names)
    if (
        len(path) > _PATH_LENGTH
        or len(names[-1]) > _NAME_LENGTH
        or any(len(name.encode()) > _NAME_BYTES for name in names)
    ):
        raise UploadRefused(
            "bad-name",
            f"The name of “{names[-1][:40]}…” is too long. Use at most {_NAME_LENGTH} signs,"
            f" and {_PATH_LENGTH} with its folders.",
        )
    return path


def require_usable(name: str) -> None:
    """Let only through what can be a model, ride with one, or hold one.

    Raises:
        UploadRefused: the ending is of none of them.
    """
    if PurePosixPath(name).suffix.lower() in EXTENSIONS:
        return
    formats = ", ".join(info.label for info in FORMATS.values())
    raise UploadRefused(
        "kind",
        f"“{name}” is of a kind that is not taken here. Upload models ({formats}), their textures and materials,"
        " a zip archive of them, or documents (PDF, TXT, MD).",
    )
