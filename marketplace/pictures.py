"""Pictures that creators add to a model's gallery."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from core.pictures import bare_webp, opened_picture, turned

MAX_BYTES = 20 * 1024 * 1024
LONGEST_SIDE = 2048
SHORTEST_SIDE = 200


def gallery_webp(upload) -> ContentFile:
    """The picture as a WebP of at most 2048 px a side, without metadata, turned as the camera was held.

    Raises:
        ValidationError: too many bytes or pixels, too small, animated, not one of the formats, or not a whole picture.
    """
    with opened_picture(upload, max_bytes=MAX_BYTES) as image:
        # A phone's JPEG may hold several pictures, of which the first is the picture.
        if image.format in {"PNG", "WEBP"} and getattr(image, "is_animated", False):
            raise ValidationError("Animated pictures are not taken: choose a still one.", code="animated")
        if min(image.size) < SHORTEST_SIDE:
            raise ValidationError(
                f"The picture has {image.width} x {image.height} pixels; each side needs at least {SHORTEST_SIDE}.",
                code="too_small",
            )
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = turned(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        return bare_webp(upright, name="picture.webp")
