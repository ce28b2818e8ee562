"""What all addresses of uploads share: creators only, one's own only, and refusals as JSON with a sentence."""

import uuid
from functools import wraps

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from core.ratelimit import RateLimited, ratelimit, requester_key
from marketplace.exceptions import UploadRefused
from marketplace.models import Model3D, Upload
from marketplace.uploads.protocol import STATUSES, Metadata, ProtocolError, problem

ANNOUNCEMENTS_AN_HOUR = 2000


def upload_endpoint(*methods: str):
    """View decorator: `methods` for signed-in creators; every refusal is `{"code", "message"}`.

    403 rather than a way to the login page: who asks is a script, which tells its person.
    """

    def decorate(view):
        @never_cache
        @wraps(view)
        def endpoint(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return problem(
                    403, "signed-out", "You are not logged in any more. Log in, and the upload goes on."
                )
            if not request.user.is_creator:
                return problem(
                    403, "not-a-creator", "Only creators upload models. Become one in your settings."
                )
            if request.method not in methods:
                answer = problem(405, "bad-request", f"This address does not take {request.method}.")
                answer["Allow"] = ", ".join(methods)
                return answer
            return _answer(view, request, *args, **kwargs)

        return endpoint

    return decorate


def _answer(view, request, *args, **kwargs) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except ProtocolError as error:
        return problem(error.status, error.code, str(error))
    except UploadRefused as error:
        return problem(STATUSES[error.code], error.code, str(error))
    except RateLimited as error:
        answer = problem(
            429, "too-many-requests", "You have started very many uploads. Wait a little, and they go on."
        )
        answer["Retry-After"] = str(error.retry_after)
        return answer


def limit_announcements(request) -> None:
    """Raises:
    RateLimited: this person has announced too many uploads within the hour.
    """
    ratelimit(f"announce-upload:{requester_key(request)}", ANNOUNCEMENTS_AN_HOUR, 3600)


def own_upload(request, upload_id: uuid.UUID, transport: Upload.Transport) -> Upload:
    """The asking person's upload.

    Raises:
        ProtocolError: there is none, or it has expired.
    """
    upload = Upload.objects.owned_by(request.user).filter(public_id=upload_id, transport=transport).first()
    if upload is None:
        raise ProtocolError(404, "not-found", "There is no such upload.")
    if upload.expires_at <= timezone.now():
        raise ProtocolError(410, "gone", "This upload has expired. Start it again.")
    return upload


def own_model(request, said: Metadata) -> Model3D | None:
    """The asking person's model that an upload is for; None for a new one.

    Raises:
        ProtocolError: there is no such model.
    """
    if said.model_id is None:
        return None
    model = Model3D.objects.owned_by(request.user).filter(pk=said.model_id).first()
    if model is None:
        raise ProtocolError(404, "no-such-model", "There is no such model of yours.")
    return model
