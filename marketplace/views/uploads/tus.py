"""Resumable uploads by tus 1.0.0: announce, ask how far it came, go on, give up."""

import uuid
from functools import wraps

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse

from marketplace.models import Upload
from marketplace.uploads import lanes, protocol, receiving, take
from marketplace.uploads.admission import announce
from marketplace.uploads.protocol import ProtocolError
from marketplace.views.uploads.access import limit_announcements, own_model, own_upload, upload_endpoint
from marketplace.views.uploads.state import state

OVERRIDE = "X-HTTP-Method-Override"


def _tus(view):
    """View decorator: answers name the version, OPTIONS are for everybody, and a POST may stand for another method."""

    @wraps(view)
    def resumable(request, *args, **kwargs):
        # Of a POST only: that has passed the protection against forgery, which a GET has not.
        if request.method == "POST" and OVERRIDE in request.headers:
            request.method = request.headers[OVERRIDE].upper()
        answer = protocol.capabilities() if request.method == "OPTIONS" else view(request, *args, **kwargs)
        answer["Tus-Resumable"] = protocol.VERSION
        return answer

    return resumable


@_tus
@upload_endpoint("GET", "POST", "OPTIONS")
def uploads(request):
    """POST announces an upload; GET tells a page what is under way, and what may be."""
    if request.method == "GET":
        return state(request)
    _require_version(request)
    limit_announcements(request)
    said = protocol.metadata(request)
    upload = announce(
        owner=request.user,
        path=said.path,
        size=protocol.announced_length(request),
        batch=said.batch,
        model=own_model(request, said),
        transport=Upload.Transport.TUS,
    )
    receiving.create_part(upload)
    answer = HttpResponse(
        status=201, headers={"Location": reverse("marketplace:tus_upload", args=[upload.public_id])}
    )
    return protocol.with_expiry(answer, upload)


@_tus
@upload_endpoint("HEAD", "PATCH", "DELETE", "OPTIONS")
def upload(request, upload_id: uuid.UUID):
    """One upload: how far it came, more of it, or its end."""
    found = own_upload(request, upload_id, Upload.Transport.TUS)
    _require_version(request)
    answers = {"HEAD": _tell_offset, "PATCH": _append, "DELETE": _terminate}
    try:
        return answers[request.method](request, found)
    except receiving.UploadGone as error:
        raise ProtocolError(410, "gone", "What had arrived of this file is gone. Start it again.") from error


def _require_version(request) -> None:
    if request.headers.get("Tus-Resumable") != protocol.VERSION:
        raise ProtocolError(412, "version", f"This server speaks tus {protocol.VERSION} only.")


def _tell_offset(request, upload: Upload) -> HttpResponse:
    offset = receiving.offset_of(upload)
    if offset != upload.received:
        receiving.record(upload, offset)
    answer = HttpResponse(headers={"Upload-Offset": str(offset), "Upload-Length": str(upload.size)})
    return protocol.with_expiry(answer, upload)


def _append(request, upload: Upload) -> HttpResponse:
    if request.content_type != protocol.CONTENT_TYPE:
        raise ProtocolError(415, "bad-request", f"The bytes of an upload come as {protocol.CONTENT_TYPE}.")
    announced, length = protocol.number(request, "Upload-Offset"), protocol.body_length(request)
    check = protocol.checksum(request)
    # Bytes may come for an hour: meanwhile the others may have the connection to the database.
    if not connection.in_atomic_block:
        connection.close()
    try:
        with lanes.lane(request.user), receiving.hold(upload) as part:
            _require_fitting(upload, part.offset, announced, length)
            try:
                part.append(request, length, *(check or ()))
            finally:
                receiving.record(upload, part.offset)
    except lanes.NoLaneFree as error:
        raise ProtocolError(
            503, "crowded", "Many files are arriving right now. This one goes on in a moment."
        ) from error
    except receiving.UploadBusy as error:
        raise ProtocolError(423, "busy", "Another connection is sending this file right now.") from error
    except receiving.ChecksumMismatch as error:
        raise ProtocolError(
            protocol.CHECKSUM_MISMATCH, "checksum", "What arrived is not what was sent. Send this part again."
        ) from error
    answer = HttpResponse(status=204, headers={"Upload-Offset": str(upload.received)})
    return protocol.with_expiry(answer, upload)


def _require_fitting(upload: Upload, offset: int, announced: int, length: int) -> None:
    if announced != offset:
        raise ProtocolError(409, "offset", f"{offset} bytes have arrived; the upload goes on from there.")
    if offset + length > upload.size:
        raise ProtocolError(413, "too-large", "This is more than the upload was announced to have.")


def _terminate(request, upload: Upload) -> HttpResponse:
    with transaction.atomic():
        take([upload])
    return HttpResponse(status=204)
