"""What comes with a model in its archive: pictures of bearable size, found by their names alone."""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from ..formats import TEXTURE_EXTENSIONS
from .pictures import HEAD_BYTES, check_picture, picture_size

WHOLE_EXTENSIONS = (".tif", ".tiff")
WHOLE_BYTES = 256 * 1024 * 1024


def check_picture_files(files: Mapping[str, Path], limits: dict) -> None:
    """Raises FileRejected for a picture among ``files`` that is too large or moves, and for too many pixels in all."""
    total = 0
    for name, path in files.items():
        if PurePosixPath(name).suffix.lower() in TEXTURE_EXTENSIONS:
            with path.open("rb") as stream:
                # The directory of a TIFF, with its size, usually comes last.
                head = stream.read(WHOLE_BYTES if name.lower().endswith(WHOLE_EXTENSIONS) else HEAD_BYTES)
            # What is no picture at all is left out by the conversion, which says so.
            if picture_size(head, name):
                total = check_picture(head, limits, total, name=name)


def find(reference: str, names: Iterable[str]) -> str | None:
    """Which of the upload's files ``reference`` means: by its last part, in any case; None where there is none.

    Folders that a file names are those of its author's disk. Of several files of one name the one whose folders agree
    most is taken.
    """
    wanted = unquote(reference).replace("\\", "/").lower()
    candidates = [name for name in names if name.rpartition("/")[2].lower() == wanted.rpartition("/")[2]]
    return max(candidates, key=lambda name: _common_end(name.lower(), wanted), default=None)


def _common_end(first: str, second: str) -> int:
    count = 0
    for one, other in zip(reversed(first.split("/")), reversed(second.split("/")), strict=False):
        if one != other:
            break
        count += 1
    return count
