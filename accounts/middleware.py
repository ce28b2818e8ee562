"""Middleware about the person who asks."""

from allauth.usersessions.models import UserSession
from django.core.cache import cache

SEEN_SECONDS = 300


class SessionActivityMiddleware:
    """Notes when and from where a session was last used, at most once in five minutes.

    Instead of allauth's own, which reads and writes a row at every request.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.add(f"session-seen:{key}", True, SEEN_SECONDS):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)
