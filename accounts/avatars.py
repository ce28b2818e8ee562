"""Turns an uploaded picture, which is hostile until shown otherwise, into the square that the site serves."""

import io
import warnings

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 5 * 1024 * 1024
# A phone's picture has 50 million pixels or less; what claims more is a decompression bomb or a mistake.
MAX_PIXELS = 50_000_000
SIDE = 256
# Only these decoders are ever tried, whatever the file says of itself.
FORMATS = ("JPEG", "PNG", "WEBP")


def square_webp(upload) -> ContentFile:
    """The picture's middle as a 256 x 256 WebP without any metadata, turned as the camera was held.

    Raises:
        ValidationError: too many bytes or pixels, not one of the formats, or not a whole picture.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(f"The picture has more than {MAX_BYTES // 1024**2} MB.", code="too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=FORMATS) as image:
                return _encoded(image)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Image.DecompressionBombWarning as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise ValidationError(
            "This is not a JPEG, PNG or WebP picture, or it is damaged.", code="unreadable"
        ) from error


def _encoded(image: Image.Image) -> ContentFile:
    # The header is read, the pixels are not yet.
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    # JPEG can be decoded at a fraction of its size.
    image.draft("RGB", (SIDE * 2, SIDE * 2))
    turned = ImageOps.exif_transpose(image)
    mode = "RGBA" if turned.has_transparency_data else "RGB"
    square = ImageOps.fit(turned.convert(mode), (SIDE, SIDE), Image.Resampling.LANCZOS)
    # A new picture of the bare pixels: no profile, EXIF, comment or text travels along.
    bare = Image.new(mode, square.size)
    bare.paste(square)
    buffer = io.BytesIO()
    bare.save(buffer, "WEBP", quality=85, method=4)
    return ContentFile(buffer.getvalue(), name="avatar.webp")


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels.", code="too_many_pixels"
    )
