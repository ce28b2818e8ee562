"""The pictures that a glTF description names: embedded, or in the files beside it."""

import base64
import binascii

from ..tool import FileRejected
from .accessors import View
from .container import Container, entries, reference
from .pictures import HEAD_BYTES, check_picture


def check_images(container: Container, views: list[View], limits: dict) -> None:
    """Raises FileRejected for a picture as ``check_picture`` does."""
    total = 0
    for index, image in enumerate(entries(container.document, "images")):
        head = _head(container, views, image, index)
        if head is not None:
            total = check_picture(head, limits, total, name=f"image {index + 1}")


def _head(container: Container, views: list[View], image: dict, index: int) -> bytes | None:
    """The first bytes of the picture; None where it is a file of its own, which is looked at elsewhere."""
    uri = image.get("uri")
    if uri is not None:
        if not uri.startswith("data:"):
            return None
        _prefix, _comma, text = uri.partition(",")
        try:
            return base64.b64decode(text[: HEAD_BYTES // 3 * 4])
        except (binascii.Error, ValueError):
            raise FileRejected("image_unreadable", detail=f"image {index + 1}") from None
    view = reference(image, "bufferView", f"/images/{index}", length=len(views))
    if view is None or views[view].offset is None:
        raise FileRejected("image_unreadable", detail=f"image {index + 1}")
    length = min(views[view].length, HEAD_BYTES)
    beside = views[view].file
    if beside is not None:
        with beside.open("rb") as stream:
            stream.seek(views[view].offset)
            return stream.read(length)
    container.stream.seek(views[view].offset)
    return container.stream.read(length)
