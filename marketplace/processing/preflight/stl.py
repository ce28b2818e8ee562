"""STL, binary and ascii: does the number of triangles fit the size?"""

import struct

from ..tool import FileRejected
from .text import Lines
from .upload import Upload

HEADER_BYTES = 84
TRIANGLE_BYTES = 50
# Some programs pad the file, or append a line about themselves.
PADDING_BYTES = 4096


def check_stl(upload: Upload) -> None:
    """Raises FileRejected for a wrong count, a text without triangles, and more triangles than can be processed."""
    count = struct.unpack_from("<I", upload.head, 80)[0] if upload.size >= HEADER_BYTES else 0
    expected = HEADER_BYTES + count * TRIANGLE_BYTES
    if upload.head.lstrip()[:5].lower() == b"solid" and expected != upload.size:
        _check_text(upload)
        return
    if upload.size < HEADER_BYTES:
        raise upload.cut_off()
    if expected > upload.size:
        raise upload.claims(count, "triangles")
    if upload.size - expected > PADDING_BYTES:
        raise FileRejected("trailing_data", extra=upload.size - expected)
    _check_count(upload, count)


def _check_text(upload: Upload) -> None:
    if b"\0" in upload.head:
        raise upload.damaged("it is neither text nor does its number of triangles fit its size")
    lines = Lines(upload)
    counts = lines.count((b"facet", b"vertex", b"endsolid"))
    if counts[b"vertex"] > 3 * counts[b"facet"] + 3:
        raise upload.damaged("it has faces of more than three corners")
    if counts[b"facet"] and not counts[b"endsolid"]:
        raise upload.cut_off()
    _check_count(upload, counts[b"facet"])


def _check_count(upload: Upload, count: int) -> None:
    if count == 0:
        raise FileRejected("nothing_to_show")
    if count > upload.limits["max_triangles"]:
        raise FileRejected("too_many_triangles", detail=str(count))
