"""What a page has to know before it uploads: limits, room, what is under way, and a fresh token."""

from django.conf import settings
from django.http import JsonResponse
from django.middleware.csrf import get_token

from accounts.entitlements import entitlements_of
from marketplace.models import Upload
from marketplace.quota import Quota
from marketplace.uploads.admission import MAX_BATCH_FILES, MAX_OPEN_UPLOADS


def state(request) -> JsonResponse:
    """Sizes are in bytes. The token is for pages that were open while their person logged in again."""
    quota = Quota.of(request.user)
    rows = Upload.objects.owned_by(request.user).alive().order_by("pk")[:MAX_OPEN_UPLOADS]
    return JsonResponse(
        {
            "csrf_token": get_token(request),
            "transport": Upload.Transport.S3 if settings.S3_ENABLED else Upload.Transport.TUS,
            "max_upload_bytes": entitlements_of(request.user).max_upload_bytes,
            "max_batch_files": MAX_BATCH_FILES,
            "quota": {
                "used": quota.used,
                "limit": quota.limit,
                "left": quota.left,
                "sentence": quota.sentence,
            },
            "uploads": [
                {
                    "id": row.public_id,
                    "batch": row.batch,
                    "model": row.model_id,
                    "path": row.path,
                    "size": row.size,
                    "received": row.received,
                    "state": row.state,
                    "transport": row.transport,
                    "expires_at": row.expires_at,
                }
                for row in rows
            ],
        }
    )
