"""Whether a session still lets its person in; asked by what stays open longer than a request."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest


def is_signed_in(session_key: str | None, user_id: int) -> bool:
    """Whether this session is there, is this person's, and was begun with the password of now; read afresh."""
    if not session_key:
        return False
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return get_user(request).pk == user_id
