"""The pictures that the site shows of a person: a square, and a wide one above their pages."""

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from core.pictures import bare_webp, opened_picture, turned

MAX_BYTES = 5 * 1024 * 1024
SIDE = 256
BANNER = (1600, 400)


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


def banner_webp(upload) -> ContentFile:
    """The picture's middle as a 1600 x 400 WebP, made like `square_webp` and refused for the same reasons."""
    with opened_picture(upload, max_bytes=MAX_BYTES) as image:
        image.draft("RGB", (BANNER[0], BANNER[1] * 2))
        return bare_webp(ImageOps.fit(turned(image), BANNER, Image.Resampling.LANCZOS), name="banner.webp")
