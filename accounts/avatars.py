"""The square that the site shows of a person."""

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from core.pictures import bare_webp, opened_picture, turned

MAX_BYTES = 5 * 1024 * 1024
SIDE = 256


def square_webp(upload) -> ContentFile:
    """The picture's middle as a 256 x 256 WebP without any metadata, turned as the camera was held.

    Raises:
        ValidationError: too many bytes or pixels, not one of the formats, or not a whole picture.
    """
    with opened_picture(upload, max_bytes=MAX_BYTES) as image:
        # JPEG can be decoded at a fraction of its size.
        image.draft("RGB", (SIDE * 2, SIDE * 2))
        square = ImageOps.fit(turned(image), (SIDE, SIDE), Image.Resampling.LANCZOS)
        return bare_webp(square, name="avatar.webp")
