"""Turns uploaded pictures, which are hostile until shown otherwise, into the ones that the site serves."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

# A phone's picture has 50 million pixels or less; what claims more is a decompression bomb or a mistake.
MAX_PIXELS = 50_000_000
# Only these decoders are ever tried, whatever the file says of itself.
FORMATS = ("JPEG", "PNG", "WEBP")


@contextmanager
def opened_picture(upload, *, max_bytes: int) -> Iterator[Image.Image]:
    """A picture whose header has been read, and which may be decoded inside the block.

    Raises:
        ValidationError: too many bytes or pixels, not one of the formats, or not a whole picture.
    """
    if upload.size > max_bytes:
        raise ValidationError(f"The picture has more than {max_bytes // 1024**2} MB.", code="too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=FORMATS) as image:
                # The pixels are not read yet.
                if image.width * image.height > MAX_PIXELS:
                    raise _too_many_pixels()
                yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise ValidationError(
            "This is not a JPEG, PNG or WebP picture, or it is damaged.", code="unreadable"
        ) from error


def turned(image: Image.Image) -> Image.Image:
    """The picture as the camera was held, in RGB or RGBA."""
    upright = ImageOps.exif_transpose(image)
    return upright.convert("RGBA" if upright.has_transparency_data else "RGB")


def bare_webp(image: Image.Image, *, name: str) -> ContentFile:
    """A WebP of the bare pixels: no profile, EXIF, comment or text travels along."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    buffer = io.BytesIO()
    bare.save(buffer, "WEBP", quality=85, method=4)
    return ContentFile(buffer.getvalue(), name=name)


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels.", code="too_many_pixels"
    )
