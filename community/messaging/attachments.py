"""What may come along with a message, and what is made of it before it is stored."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files import File
from PIL import Image

from community.models import MessageAttachment
from core.pictures import bare_webp, opened_picture, turned
from core.scanning import refuse_malware

MAX_BYTES = 20 * 1024**2
LONGEST_SIDE = 2048
PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
# Handed on as they are, always to be saved and never shown: what people who make models send one another.
FILES = {
    *(".pdf", ".txt", ".md", ".csv", ".json", ".zip", ".7z", ".gz", ".mp4", ".webm", ".gif", ".psd", ".kra"),
    *(".glb", ".gltf", ".bin", ".fbx", ".obj", ".mtl", ".blend", ".dae", ".usdz", ".3mf", ".step", ".stp"),
    *(".ply", ".stl", ".exr", ".hdr", ".tga", ".tif", ".tiff", ".ktx2"),
}
ACCEPT = ",".join(sorted(PICTURES | FILES))


@dataclass(frozen=True)
class Prepared:
    """Fit to be stored with a message."""

    kind: MessageAttachment.Kind
    name: str
    content: File
    width: int | None = None
    height: int | None = None


def prepared(upload) -> Prepared:
    """A picture anew, from its bare pixels; another file as it came.

    Raises:
        ValidationError: empty, too large, of a kind that is not taken, harmful, or no picture though named so.
    """
    name = _named(upload.name)
    suffix = PurePosixPath(name).suffix.lower()
    if not upload.size:
        raise ValidationError(f"“{name}” is empty.", code="empty")
    if upload.size > MAX_BYTES:
        raise ValidationError(f"“{name}” has more than {MAX_BYTES // 1024**2} MB.", code="too_large")
    if suffix in PICTURES:
        return _picture(upload, name)
    if suffix not in FILES:
        raise ValidationError(
            f"“{name}” is of a kind that cannot be sent. Put it into a ZIP archive.", code="kind"
        )
    refuse_malware(upload, name=name)
    return Prepared(MessageAttachment.Kind.FILE, name, upload)


def _picture(upload, name: str) -> Prepared:
    try:
        with opened_picture(upload, max_bytes=MAX_BYTES) as image:
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = turned(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            content = bare_webp(upright, name="picture.webp")
    except ValidationError as error:
        raise ValidationError(f"“{name}”: {error.message}", code=error.code) from error
    name = f"{PurePosixPath(name).stem}.webp"
    return Prepared(MessageAttachment.Kind.PICTURE, name, content, upright.width, upright.height)


def _named(text: str) -> str:
    """The last part of a name, without what no screen shows, at most as long as the column."""
    name = "".join(letter for letter in PurePosixPath(text.replace("\\", "/")).name if letter.isprintable())
    path = PurePosixPath(name)
    longest = MessageAttachment._meta.get_field("name").max_length
    return f"{path.stem[: longest - 20]}{path.suffix[:20]}" if len(name) > longest else name or "file"


def store(message, given: list[Prepared], stored: list) -> None:
    """Write them with their message, of whichever table; what lies in the storage is added to `stored` (see
    `deleted_on_error`)."""
    for order, one in enumerate(given):
        row = message.attachments.model(message=message, order=order, kind=one.kind.value, name=one.name)
        row.width, row.height, row.size = one.width, one.height, one.content.size
        suffix = PurePosixPath(one.name).suffix.lower()
        row.file.save(f"attachment{suffix}", one.content, save=False)
        stored.append(row.file)
        row.save()
