"""Sizes of the pictures, read from their first bytes: a small file can unfold to gigabytes of pixels."""

import base64
import binascii
import struct

from ..tool import FileRejected
from .accessors import View
from .container import Container, entries, reference

# A JPEG may carry large profiles before its size; deeper than this it is not looked for.
HEAD_BYTES = 4 * 1024 * 1024
START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def check_images(container: Container, views: list[View], limits: dict) -> None:
    """Raises FileRejected for a picture that is too large or of no known kind, or for too many pixels in all."""
    total = 0
    for index, image in enumerate(entries(container.document, "images")):
        head = _head(container, views, image, index)
        size = picture_size(head) if head else None
        if size is None:
            raise FileRejected("image_unreadable", detail=f"image {index + 1}")
        width, height = size
        if max(width, height) > limits["max_image_edge"]:
            raise FileRejected("image_too_large", width=width, height=height, limit=limits["max_image_edge"])
        total += width * height
        if total > limits["max_image_pixels"]:
            raise FileRejected("images_too_large", pixels=total, limit=limits["max_image_pixels"])


def _head(container: Container, views: list[View], image: dict, index: int) -> bytes:
    uri = image.get("uri")
    if uri is not None:
        _prefix, _comma, text = uri.partition(",")
        try:
            return base64.b64decode(text[: HEAD_BYTES // 3 * 4])
        except (binascii.Error, ValueError):
            raise FileRejected("image_unreadable", detail=f"image {index + 1}") from None
    view = reference(image, "bufferView", f"/images/{index}", length=len(views))
    if view is None or views[view].offset is None:
        raise FileRejected("image_unreadable", detail=f"image {index + 1}")
    container.stream.seek(views[view].offset)
    return container.stream.read(min(views[view].length, HEAD_BYTES))


def picture_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, JPEG, WebP, KTX2 or AVIF by its first bytes; None for anything else."""
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
    except struct.error:
        return None
    return None


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
