"""What else may be put into a lesson: captions, files to work with, and links to videos elsewhere."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

MAX_CAPTIONS_BYTES = 2 * 1024**2
MAX_FILE_BYTES = 64 * 1024**2
# Handed on as they are, always to be saved and never shown.
FILES = {
    *(
        ".pdf",
        ".txt",
        ".md",
        ".csv",
        ".json",
        ".zip",
        ".7z",
        ".gz",
        ".png",
        ".jpg",
        ".jpeg",
        ".webp",
        ".psd",
        ".kra",
    ),
    *(".glb", ".gltf", ".bin", ".fbx", ".obj", ".mtl", ".blend", ".dae", ".usdz", ".3mf", ".step", ".stp"),
    *(".ply", ".stl", ".exr", ".hdr", ".tga", ".tif", ".tiff", ".ktx2", ".py"),
}
VIDEO_HOSTS = {
    "youtube.com": "YouTube",
    "www.youtube.com": "YouTube",
    "m.youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "www.vimeo.com": "Vimeo",
    "player.vimeo.com": "Vimeo",
}


def check_captions(upload) -> None:
    """
    Raises:
        ValidationError: too large, or no WebVTT in UTF-8.
    """
    if upload.size > MAX_CAPTIONS_BYTES:
        raise ValidationError(
            f"The captions have more than {MAX_CAPTIONS_BYTES // 1024**2} MB.", code="too_large"
        )
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError("Captions are text in UTF-8.", code="not_text") from error
    first = text.splitlines()[0] if text else ""
    if "\0" in text or not (first == "WEBVTT" or first.startswith(("WEBVTT ", "WEBVTT\t"))):
        raise ValidationError("This is not a WebVTT file: its first line is WEBVTT.", code="not_captions")
    if "-->" not in text:
        raise ValidationError("There is no caption in this file.", code="no_caption")


def file_name(upload) -> str:
    """What the file is called, without folders and what no screen shows.

    Raises:
        ValidationError: empty, too large, or of a kind that is not handed on.
    """
    name = "".join(
        letter for letter in PurePosixPath(upload.name.replace("\\", "/")).name if letter.isprintable()
    )
    suffix = PurePosixPath(name).suffix.lower()
    if not upload.size:
        raise ValidationError(f"“{name}” is empty.", code="empty")
    if upload.size > MAX_FILE_BYTES:
        raise ValidationError(f"“{name}” has more than {MAX_FILE_BYTES // 1024**2} MB.", code="too_large")
    if suffix not in FILES:
        raise ValidationError(
            f"“{name}” is of a kind that is not handed on. Put it into a ZIP archive.", code="kind"
        )
    return f"{PurePosixPath(name).stem[:180]}{suffix}"


def video_host(link: str) -> str:
    """Whose video a link leads to; empty for any other address."""
    parts = urlsplit(link)
    return VIDEO_HOSTS.get(parts.hostname or "", "") if parts.scheme == "https" else ""


def check_video_link(link: str) -> None:
    """
    Raises:
        ValidationError: it leads somewhere else than to YouTube or Vimeo.
    """
    if not video_host(link):
        raise ValidationError(
            "An address that begins with https:// on YouTube or Vimeo.", code="not_a_video_link"
        )
