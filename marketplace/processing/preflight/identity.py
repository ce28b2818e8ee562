"""Is the file what its name says, and only that?"""

from ..archive.frame import END_MAGIC, END_RECORD
from ..formats import FORMATS, Format
from ..signatures import GZIP, ZSTANDARD, is_program, kind_of, text_start
from ..tool import FileRejected
from .upload import Upload

# How files of a format may begin. Of the others any beginning is possible, and their checks tell.
STARTS: dict[Format, tuple[bytes, ...]] = {
    Format.GLTF: (b"{",),
    Format.DAE: (b"<?xml", b"<collada", b"<!--", b"<!doctype"),
    Format.STEP: (b"iso-10303-21", b"/*"),
    Format.PLY: (b"ply\n", b"ply\r"),
    Format.FBX: (b"kaydara fbx binary", b";", b"fbxheaderextension"),
    Format.BLEND: (b"blender", GZIP, ZSTANDARD),
    Format.THREEMF: (b"pk\x03\x04",),
    Format.USDZ: (b"pk\x03\x04",),
}
# Kinds that a file without a fixed beginning may seem to be while it is in order.
HARMLESS_KINDS: dict[Format, tuple[str, ...]] = {Format.STL: ("an STL file",)}
MARKUP = (b"<html", b"<script", b"<!doctype html", b"%pdf-", b"<?php", b"<svg")
MARKUP_BYTES = 1024
ZIP_FORMATS = (Format.THREEMF, Format.USDZ)


def check_identity(upload: Upload) -> None:
    """Raises FileRejected for a program, for a file of another kind than its name says, and for two files in one."""
    head = upload.head
    if is_program(head):
        raise FileRejected("program")
    _check_markup(upload)
    # The GLB container's own check knows best what else people upload under that name.
    if upload.format is Format.GLB:
        if head.startswith(b"glTF"):
            _check_single(upload)
        return
    _check_start(upload)
    if upload.format not in ZIP_FORMATS:
        _check_single(upload)


def _check_start(upload: Upload) -> None:
    head = upload.head
    kind = kind_of(head)
    starts = STARTS.get(upload.format)
    if starts is None:
        # A binary STL starts with 80 free bytes, and an OBJ with any line: only what is surely another file is refused.
        is_other = bool(kind) and kind not in HARMLESS_KINDS.get(upload.format, ())
    else:
        is_other = not text_start(head).startswith(starts)
    if is_other:
        raise FileRejected(
            "wrong_format",
            extension=FORMATS[upload.format].extensions[0],
            format=upload.label,
            kind=f" but {kind}" if kind else "",
        )


def _check_markup(upload: Upload) -> None:
    """No page or document for a browser: those look for their marks beyond the first byte."""
    start = upload.head[:MARKUP_BYTES].lower()
    if any(word in start for word in MARKUP):
        raise FileRejected("two_files_in_one", format=upload.label, kind="a web page or a PDF document")


def _check_single(upload: Upload) -> None:
    """No archive behind the model: unpackers look for theirs at the end."""
    tail = upload.tail
    position = tail.rfind(END_MAGIC)
    if position < 0 or len(tail) - position < END_RECORD.size:
        return
    record = END_RECORD.unpack_from(tail, position)
    if position + END_RECORD.size + record[7] == len(tail):
        raise FileRejected("two_files_in_one", format=upload.label, kind="a zip archive")
