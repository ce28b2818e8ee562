"""The picture of a post, cut to one shape in three widths."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from core.pictures import bare_webp, opened_picture, turned

MAX_BYTES = 20 * 1024 * 1024
# Width and height of each field's picture.
SIZES = {"picture_large": (1600, 900), "picture_medium": (960, 540), "picture_small": (480, 270)}
# A smaller one would be blown up.
SHORTEST = (960, 540)


def post_webps(upload) -> dict[str, ContentFile]:
    """The picture's middle as WebPs of 16:9 by their fields, without metadata, turned as the camera was held.

    Raises:
        ValidationError: too many bytes or pixels, too small, not one of the formats, or not a whole picture.
    """
    with opened_picture(upload, max_bytes=MAX_BYTES) as image:
        if image.width < SHORTEST[0] or image.height < SHORTEST[1]:
            least = f"{SHORTEST[0]} x {SHORTEST[1]}"
            raise ValidationError(
                f"The picture has {image.width} x {image.height} pixels; it needs {least} at least.",
                code="too_small",
            )
        image.draft("RGB", SIZES["picture_large"])
        whole = turned(image)
        return {
            field: bare_webp(ImageOps.fit(whole, size, Image.Resampling.LANCZOS), name=f"{size[0]}.webp")
            for field, size in SIZES.items()
        }
