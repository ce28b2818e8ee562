"""Pictures of posts, made anew from their bare pixels: whatever else is in a file is not stored."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from core.pictures import bare_webp, opened_picture, turned

MAX_BYTES = 12 * 1024**2
LONGEST_SIDE = 1920
ACCEPT = ".jpg,.jpeg,.png,.webp"


def prepared(upload) -> ContentFile:
    """
    Raises:
        ValidationError: empty, too large, or no picture; the text names the file.
    """
    try:
        if not upload.size:
            raise ValidationError("The file is empty.", code="empty")
        with opened_picture(upload, max_bytes=MAX_BYTES) as image:
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = turned(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            return bare_webp(upright, name="picture.webp")
    except ValidationError as error:
        raise ValidationError(f"“{upload.name}”: {error.message}", code=error.code) from error
