"""Wavefront OBJ: text of bounded lines with vertices and faces. What it names is looked for by base name only."""

import re

from ..tool import FileRejected
from .text import Lines, has_longer_line
from .upload import Upload

# Cutting a polygon into triangles takes the square of its corners.
MAX_CORNERS = 20_000
LONG_LINE_BYTES = 2 * MAX_CORNERS
# A vertex, its normal, its texture place, and a face or two.
LINES_PER_TRIANGLE = 3
VERTEX = re.compile(rb"^[ \t]*v[ \t]", re.MULTILINE)
# No file within the limits has so many vertices.
FAR_CORNER = re.compile(rb"^[ \t]*[flp][ \t][^\n]*?\d{9}", re.MULTILINE)
SURFACE = re.compile(rb"^[ \t]*(?:f|l|p|surf|curv2?)[ \t]", re.MULTILINE)


def check_obj(upload: Upload) -> None:
    """Raises FileRejected for binary data, endless lines, giant polygons, impossible corners, and no surface at all."""
    most = LINES_PER_TRIANGLE * upload.limits["max_triangles"]
    lines = 0
    has_vertex = has_surface = False
    for block in Lines(upload).blocks():
        lines += block.count(b"\n")
        if lines > most:
            raise FileRejected("too_many_parts", format=upload.label, limit=most)
        has_vertex = has_vertex or bool(VERTEX.search(block))
        has_surface = has_surface or bool(SURFACE.search(block))
        if FAR_CORNER.search(block):
            raise upload.damaged("a face names a corner that cannot exist")
        if has_longer_line(block, LONG_LINE_BYTES):
            _check_corners(block)
    if not has_vertex and not has_surface:
        raise FileRejected("wrong_format", extension=".obj", format=upload.label, kind="")
    if not has_vertex or not has_surface:
        raise FileRejected("nothing_to_show")


def _check_corners(block: bytes) -> None:
    for line in block.split(b"\n"):
        if (
            len(line) > LONG_LINE_BYTES
            and line.lstrip().startswith(b"f")
            and len(line.split()) - 1 > MAX_CORNERS
        ):
            raise FileRejected("polygon_too_large", limit=MAX_CORNERS)
