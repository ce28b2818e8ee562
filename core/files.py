"""Sending a private file: by nginx, by object storage, or by this process, whichever the settings name."""

import logging
import re
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.utils.crypto import salted_hmac
from django.utils.http import content_disposition_header, parse_etags

logger = logging.getLogger(__name__)

# Long enough for a browser to follow the redirect, and too short to be passed on.
PRESIGNED_SECONDS = 300
BLOCK_BYTES = 256 * 1024
_SINGLE_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})\s*")


class _Slice:
    """A file-like object that ends after `length` bytes from `start`."""

    def __init__(self, file, start: int, length: int):
        file.seek(start)
        self._file = file
        self._left = length

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._file.read(wanted) if wanted else b""
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._file.close()


class _FileStream(FileResponse):
    block_size = BLOCK_BYTES


def send_private(
    request, storage_name: str, *, filename: str, content_type: str, as_attachment: bool, max_age: int = 0
) -> HttpResponse:
    """Answer with a file of the private storage. Who may have it is decided before this is called.

    Args:
        storage_name: the file's name in the private storage.
        filename: the name the browser saves it under; any text, it is quoted here.
        content_type: sent as given, so that no sniffing takes place.
        as_attachment: whether the browser saves the file rather than shows it.
        max_age: seconds that the asking browser alone may keep it; 0 forbids keeping.

    On object storage this is a redirect to a presigned address; with `PRIVATE_X_ACCEL_PREFIX` an empty answer
    that nginx fills in; else the bytes, with `Range`, `If-Range` and `If-None-Match` understood.

    Raises:
        Http404: there is no such file in the storage (logged, since a row named it).
    """
    storage = storages["private"]
    disposition = content_disposition_header(as_attachment, filename)
    if settings.S3_ENABLED:
        parameters = {"ResponseContentType": content_type}
        if disposition:
            parameters["ResponseContentDisposition"] = disposition
        address = storage.url(storage_name, parameters=parameters, expire=PRESIGNED_SECONDS)
        response = HttpResponseRedirect(address)
    elif settings.PRIVATE_X_ACCEL_PREFIX:
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = f"{settings.PRIVATE_X_ACCEL_PREFIX.rstrip('/')}/{quote(storage_name)}"
    else:
        response = _stream(request, storage, storage_name, content_type)
    if disposition and not settings.S3_ENABLED:
        response["Content-Disposition"] = disposition
    keeps = max_age and not settings.S3_ENABLED
    response["Cache-Control"] = f"private, max-age={max_age}" if keeps else "private, no-store"
    return response


def _stream(request, storage, name: str, content_type: str) -> HttpResponse:
    try:
        size = storage.size(name)
        # A stored name is never used for other bytes, so the name alone identifies them.
        etag = f'"{salted_hmac("core.files", name).hexdigest()[:32]}"'
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            response = HttpResponseNotModified()
        else:
            response = _body(request, storage, name, content_type, size, etag)
    except FileNotFoundError as error:
        logger.error("A row names the private file %s, which is not in the storage.", name)
        raise Http404("No such file.") from error
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    return response


def _body(request, storage, name: str, content_type: str, size: int, etag: str) -> HttpResponse:
    wanted = _requested_range(request, size, etag)
    if wanted is not None and wanted[0] >= wanted[1]:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = wanted or (0, size)
    if request.method == "HEAD":
        response = HttpResponse(content_type=content_type)
    else:
        response = _FileStream(
            _Slice(storage.open(name, "rb"), start, end - start), content_type=content_type
        )
    response["Content-Length"] = str(end - start)
    if wanted is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _requested_range(request, size: int, etag: str) -> tuple[int, int] | None:
    """First byte and the one after the last; None for the whole file, an empty range for one beyond the end.

    Several ranges at once, other units and malformed values mean the whole file, as RFC 9110 allows.
    """
    match = _SINGLE_RANGE.fullmatch(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range")
    if match is None or (condition is not None and condition != etag):
        return None
    first, last = match.groups()
    if not first:
        return (max(size - int(last), 0), size) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size
