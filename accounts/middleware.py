"""Middleware about the person who asks."""

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.shortcuts import redirect
from django.urls import reverse

from core.models import AuditEntry
from core.ratelimit import RateLimited, ratelimit

SEEN_SECONDS = 300
# Refusals of one person that are written down in an hour: enough to see what they tried, and no way to fill a table.
REFUSALS_AN_HOUR = 60
_LONGEST_PATH = 500


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


class ConsoleMiddleware:
    """What holds for every page of the console: staff have a second factor, and who is refused is written down."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        console = reverse("admin:index")
        if not (request.path.startswith(console) and request.user.is_authenticated):
            return self.get_response(request)
        if self._lacks_second_factor(request):
            messages.warning(request, "The console needs a second factor: set one up, and come back.")
            return redirect("mfa_index")
        response = self.get_response(request)
        if response.status_code == 403:
            self._note(request)
        return response

    def _lacks_second_factor(self, request) -> bool:
        """Not that of who only wants to leave."""
        return (
            settings.STAFF_MFA_REQUIRED
            and request.user.is_staff
            and request.path != reverse("admin:logout")
            and not is_mfa_enabled(request.user)
        )

    def _note(self, request) -> None:
        try:
            ratelimit(f"console-refused:{request.user.pk}", REFUSALS_AN_HOUR, 3600)
        except RateLimited:
            return
        path = request.get_full_path()[:_LONGEST_PATH]
        AuditEntry.record(actor=request.user, action="console.refused", method=request.method, path=path)
