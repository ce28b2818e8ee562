"""Uploads straight to object storage: announce, sign parts, ask what arrived, put together, give up."""

import json
import uuid

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.urls import reverse

from marketplace.models import Upload
from marketplace.uploads import multipart, protocol, take
from marketplace.uploads.admission import announce
from marketplace.uploads.protocol import ProtocolError
from marketplace.views.uploads.access import limit_announcements, own_model, own_upload, upload_endpoint


@upload_endpoint("POST")
def uploads(request):
    """Announce: JSON `{path, size, batch, model}`, of which batch and model may be empty."""
    _require_object_storage()
    limit_announcements(request)
    asked = _json(request)
    said = protocol.checked_metadata(*(str(asked.get(key) or "") for key in ("path", "batch", "model")))
    upload = announce(
        owner=request.user,
        path=said.path,
        size=_whole_number(asked.get("size"), "size"),
        batch=said.batch,
        model=own_model(request, said),
        transport=Upload.Transport.S3,
    )
    multipart.begin(upload)
    answer = JsonResponse(_description(upload), status=201)
    answer["Location"] = reverse("marketplace:s3_upload", args=[upload.public_id])
    return answer


@upload_endpoint("GET", "DELETE")
def upload(request, upload_id: uuid.UUID):
    """GET lists the parts that arrived, for going on after a reload; DELETE gives up."""
    found = _own(request, upload_id)
    if request.method == "DELETE":
        with transaction.atomic():
            take([found])
        return HttpResponse(status=204)
    arrived = multipart.received_parts(found)
    return JsonResponse(
        {**_description(found), "received_parts": [[number, arrived[number]] for number in sorted(arrived)]}
    )


@upload_endpoint("POST")
def parts(request, upload_id: uuid.UUID):
    """Addresses for the parts whose numbers are asked for: JSON `{parts: [1, 2, …]}`."""
    found = _own(request, upload_id)
    numbers = _json(request).get("parts")
    if not isinstance(numbers, list) or len(numbers) > multipart.MAX_SIGNED_AT_ONCE:
        raise ProtocolError(
            400, "bad-request", f"Ask for a list of at most {multipart.MAX_SIGNED_AT_ONCE} parts."
        )
    return JsonResponse(
        {"parts": multipart.sign(found, [_whole_number(number, "parts") for number in numbers])}
    )


@upload_endpoint("POST")
def complete(request, upload_id: uuid.UUID):
    """Have the bucket put the parts together; the answer is the finished upload."""
    found = _own(request, upload_id)
    multipart.complete(found)
    return JsonResponse(_description(found))


def _own(request, upload_id: uuid.UUID) -> Upload:
    _require_object_storage()
    return own_upload(request, upload_id, Upload.Transport.S3)


def _require_object_storage() -> None:
    if not settings.S3_ENABLED:
        raise ProtocolError(404, "not-found", "Uploads go through this server.")


def _description(upload: Upload) -> dict:
    return {
        "id": upload.public_id,
        "state": upload.state,
        "size": upload.size,
        "part_size": multipart.part_size_of(upload),
        "parts": multipart.part_count_of(upload),
        "expires_at": upload.expires_at,
    }


def _json(request) -> dict:
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(400, "bad-request", "The request is not readable JSON.") from error
    if not isinstance(asked, dict):
        raise ProtocolError(400, "bad-request", "The request must be a JSON object.")
    return asked


def _whole_number(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**18:
        raise ProtocolError(400, "bad-request", f"“{name}” must be whole numbers.")
    return value
