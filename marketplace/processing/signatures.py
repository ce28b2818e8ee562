"""What a file is by its first bytes, whatever its name says."""

_PROGRAMS = (
    b"\x7fELF",
    *(
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
    ),
    *(b"#!/", b"#! /"),
    b"dex\n",
    b"\x00asm",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"!<arch>\ndebian",
    b"<?php",
)
_ARCHIVES = (
    *(b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"),
    *(b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF\x00\x00\x00\x00", b"\xfd7zXZ\x00", b"BZh9"),
)
GZIP = b"\x1f\x8b"
ZSTANDARD = b"\x28\xb5\x2f\xfd"
# Sniffing looks behind a byte order mark and white space.
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

_KINDS = (
    (b"glTF", "a GLB file"),
    (b"Kaydara FBX Binary", "an FBX file"),
    (b"; FBX", "an FBX file"),
    (b"BLENDER", "a Blender file"),
    (b"ISO-10303-21", "a STEP file"),
    (b"ply\n", "a PLY file"),
    (b"ply\r", "a PLY file"),
    (b"#usda", "a USD file"),
    (b"PXR-USDC", "a USD file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"PK\x03\x04", "a zip archive"),
    (GZIP, "a gzip archive"),
    (ZSTANDARD, "a file compressed with Zstandard"),
    (b"{\\rtf", "a text document"),
    (b"solid ", "an STL file"),
)
_TEXT_KINDS = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<svg", "a picture"),
    (b"<collada", "a COLLADA file"),
    (b"<model", "the inside of a 3MF file"),
    (b"<x3d", "an X3D file"),
    (b"<?xml", "an XML file"),
    (b"{", "a JSON file"),
)


def is_program(head: bytes) -> bool:
    """Whether a file that begins so can be run: by Windows, Linux, macOS, Android, a shell or a web server."""
    if head.startswith(b"MZ"):
        # Two letters are not much: the header behind them points at the place of the next one.
        return len(head) >= 64 and int.from_bytes(head[60:64], "little") < 0x10000
    return head.startswith(_PROGRAMS)


def starts_as_archive(head: bytes) -> bool:
    """Whether a file that begins so is a packed archive of files."""
    return head.startswith(_ARCHIVES)


def kind_of(head: bytes) -> str:
    """What a file that begins so is, in words for a sentence (“a picture”); empty where that cannot be told."""
    if is_program(head):
        return "a program"
    for start, kind in _KINDS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "a picture"
    text = text_start(head)
    return next((kind for start, kind in _TEXT_KINDS if text.startswith(start)), "")


def text_start(head: bytes) -> bytes:
    """The beginning as lower-case text of one byte a letter: without byte order mark, white space and zero bytes."""
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip().lower()
