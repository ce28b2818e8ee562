"""tus 1.0.0 as HTTP says it (https://tus.io/protocols/resumable-upload): headers read and written, errors by code."""

import base64
import hashlib
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.http import http_date

from marketplace.models import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration,checksum"
CHECKSUM_ALGORITHMS = ("sha1", "sha256", "sha512", "md5")
CONTENT_TYPE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460
# Of Upload-Metadata: file name, path, batch and model fit many times.
_METADATA_LENGTH = 8000
# No number of bytes is longer.
_DIGITS = 18

STATUSES = {
    "empty": 400,
    "bad-name": 400,
    "bad-request": 400,
    "no-such-model": 404,
    "model-closed": 409,
    "too-large": 413,
    "quota": 413,
    "kind": 422,
    "format-off": 422,
    "too-many-files": 422,
    "too-many-uploads": 422,
    "incomplete": 409,
    "gone": 410,
    "no-room": 507,
    "not-stored": 503,
}


class ProtocolError(Exception):
    """A request that is answered with `status` and a sentence; `code` is a stable slug."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Metadata:
    """What a browser says of a file: its path (the name where it has no folders), its drop, and the model it is for."""

    path: str
    batch: uuid.UUID
    model_id: int | None


def problem(status: int, code: str, message: str) -> JsonResponse:
    """The answer of every refusal: a stable slug and a sentence."""
    return JsonResponse({"code": code, "message": message}, status=status)


def capabilities() -> HttpResponse:
    """The answer to OPTIONS."""
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.MAX_UPLOAD_BYTES),
            "Tus-Checksum-Algorithm": ",".join(CHECKSUM_ALGORITHMS),
        },
    )


def number(request, name: str) -> int:
    """A header that is a count of bytes.

    Raises:
        ProtocolError: it is missing or no such number.
    """
    value = request.headers.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= _DIGITS):
        raise ProtocolError(400, "bad-request", f"The header {name} must be a number of bytes.")
    return int(value)


def announced_length(request) -> int:
    """Upload-Length; a length that comes later (Upload-Defer-Length) is not taken, for quotas are checked before.

    Raises:
        ProtocolError: it is deferred, missing or no number.
    """
    if "Upload-Defer-Length" in request.headers:
        raise ProtocolError(400, "bad-request", "The size of an upload must be known from the start.")
    return number(request, "Upload-Length")


def body_length(request) -> int:
    """Content-Length of a PATCH.

    Raises:
        ProtocolError: it is missing (a body of unknown length).
    """
    if not request.META.get("CONTENT_LENGTH"):
        raise ProtocolError(411, "bad-request", "The request must say how many bytes it brings.")
    return number(request, "Content-Length")


def metadata(request) -> Metadata:
    """Upload-Metadata, of which the keys `filename`, `relativePath`, `batch` and `model` count.

    Raises:
        ProtocolError: it cannot be read, or a value makes no sense.
    """
    values = _metadata_values(request.headers.get("Upload-Metadata", ""))
    path = values.get("relativePath") or values.get("filename") or ""
    return checked_metadata(path, values.get("batch", ""), values.get("model", ""))


def checked_metadata(path: str, batch: str, model: str) -> Metadata:
    """Raises:
    ProtocolError: a value makes no sense.
    """
    try:
        # A file that comes alone is a drop of its own.
        batch_id = uuid.UUID(batch) if batch else uuid.uuid4()
    except ValueError as error:
        raise ProtocolError(400, "bad-request", "The batch of an upload must be a UUID.") from error
    if model and not (model.isascii() and model.isdigit() and len(model) <= _DIGITS):
        raise ProtocolError(400, "bad-request", "The model of an upload must be its number.")
    return Metadata(path, batch_id, int(model) if model else None)


def _metadata_values(header: str) -> dict[str, str]:
    if len(header) > _METADATA_LENGTH:
        raise ProtocolError(400, "bad-request", "The header Upload-Metadata is too long.")
    values = {}
    for pair in filter(None, map(str.strip, header.split(","))):
        key, _, encoded = pair.partition(" ")
        try:
            values[key] = base64.b64decode(encoded.strip(), validate=True).decode()
        except ValueError as error:
            raise ProtocolError(
                400,
                "bad-request",
                f"The value of “{key[:40]}” in Upload-Metadata is not Base64 of UTF-8 text.",
            ) from error
    return values


def checksum(request) -> tuple[object, bytes] | None:
    """The digest to compute and what it has to be; None where the request has no checksum.

    Raises:
        ProtocolError: the algorithm is unknown or the value cannot be read.
    """
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    name, _, encoded = header.partition(" ")
    if name not in CHECKSUM_ALGORITHMS:
        known = ", ".join(CHECKSUM_ALGORITHMS)
        raise ProtocolError(400, "bad-request", f"Checksums can be of these kinds: {known}.")
    digest = hashlib.new(name, usedforsecurity=False)
    try:
        expected = base64.b64decode(encoded.strip(), validate=True)
    except ValueError as error:
        raise ProtocolError(400, "bad-request", "The checksum is not Base64.") from error
    if len(expected) != digest.digest_size:
        raise ProtocolError(400, "bad-request", f"The checksum is too short or too long for {name}.")
    return digest, expected


def with_expiry(response: HttpResponse, upload: Upload) -> HttpResponse:
    """Say until when an unfinished upload is kept."""
    response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response
