"""Sizes of pictures, read from their first bytes: a small file can unfold to gigabytes of pixels."""

import struct

from ..tool import FileRejected

# A JPEG may carry large profiles before its size; deeper than this it is not looked for.
HEAD_BYTES = 4 * 1024 * 1024
START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def check_picture(head: bytes, limits: dict, total: int, *, name: str = "") -> int:
    """``total`` pixels and those of the picture that begins with ``head``.

    Raises FileRejected for a picture that is too large, moves or is of no known kind, and for too many pixels in all.
    """
    size = picture_size(head, name)
    if size is None or 0 in size:
        raise FileRejected("image_unreadable", detail=name or "an embedded picture")
    width, height = size
    if max(width, height) > limits["max_image_edge"]:
        raise FileRejected("image_too_large", width=width, height=height, limit=limits["max_image_edge"])
    if is_animated(head):
        raise FileRejected("image_animated", detail=name or "an embedded picture")
    total += width * height
    if total > limits["max_image_pixels"]:
        raise FileRejected("images_too_large", pixels=total, limit=limits["max_image_pixels"])
    return total


def picture_size(head: bytes, name: str = "") -> tuple[int, int] | None:
    """Width and height in pixels by the first bytes of a picture; None for anything that is none.

    Known are PNG, JPEG, WebP, KTX2, AVIF, GIF, BMP, TIFF, DDS, and TGA by its ``name``, for it has no beginning of
    its own.
    """
    try:
        if head.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack_from(">II", head, 16)
        if head.startswith(b"\xff\xd8"):
            return _jpeg_size(head)
        if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            return _webp_size(head)
        if head.startswith(b"\xabKTX 20\xbb"):
            width, height = struct.unpack_from("<II", head, 20)
            return width, max(1, height)
        if head[4:8] == b"ftyp" and (found := head.find(b"ispe", 0, 65536)) > 0:
            return struct.unpack_from(">II", head, found + 8)
        return _older_size(head, name)
    except struct.error:
        return None


def is_animated(head: bytes) -> bool:
    """Whether the picture that begins so has several frames: a moving PNG or WebP, or any GIF of more than one."""
    if head.startswith(b"\x89PNG"):
        end = head.find(b"IDAT")
        return head.find(b"acTL", 0, end if end > 0 else len(head)) >= 0
    if head[:4] == b"RIFF" and head[12:16] == b"VP8X":
        return bool(head[20:21] and head[20] & 0x02)
    return head.startswith(b"GIF8") and (b"NETSCAPE2.0" in head or head.count(b"\x00\x21\xf9\x04") > 1)


def _older_size(head: bytes, name: str) -> tuple[int, int] | None:
    if head.startswith((b"GIF87a", b"GIF89a")):
        return struct.unpack_from("<HH", head, 6)
    if head.startswith(b"BM"):
        width, height = struct.unpack_from("<ii", head, 18)
        return abs(width), abs(height)
    if head.startswith(b"DDS "):
        height, width = struct.unpack_from("<II", head, 12)
        return width, height
    if head.startswith((b"II*\0", b"MM\0*")):
        return _tiff_size(head, "<" if head.startswith(b"II") else ">")
    if (
        name.lower().endswith(".tga")
        and len(head) > 18
        and head[1] in (0, 1)
        and head[2] in (*range(1, 4), *range(9, 12))
    ):
        return struct.unpack_from("<HH", head, 12)
    return None


def _tiff_size(head: bytes, order: str) -> tuple[int, int] | None:
    """Sizes stand in a directory that may lie anywhere; one beyond the first bytes is not looked for."""
    (start,) = struct.unpack_from(f"{order}I", head, 4)
    (count,) = struct.unpack_from(f"{order}H", head, start)
    sizes = {}
    for number in range(count):
        tag, kind, _count = struct.unpack_from(f"{order}HHI", head, start + 2 + number * 12)
        if tag in (256, 257):
            sizes[tag] = struct.unpack_from(
                f"{order}{'H' if kind == 3 else 'I'}", head, start + 10 + number * 12
            )[0]
    return (sizes[256], sizes[257]) if len(sizes) == 2 else None


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 < len(head):
        if head[position] != 0xFF:
            return None
        marker = head[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker in START_OF_FRAME:
            height, width = struct.unpack_from(">HH", head, position + 5)
            return width, height
        position += (
            2
            if marker == 0x01 or 0xD0 <= marker <= 0xD8
            else 2 + struct.unpack_from(">H", head, position + 2)[0]
        )
    return None


def _webp_size(head: bytes) -> tuple[int, int] | None:
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", head, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
