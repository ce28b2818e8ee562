"""Middleware that belongs to no app in particular."""

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings
from django.urls import reverse

from core.database.losing import is_lost
from core.views import service_unavailable

# The admin's own scripts evaluate expressions and set styles; everything else stays as strict as the site.
ADMIN_DIRECTIVES = {
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}


class AdminContentSecurityPolicyMiddleware:
    """Relaxes the content security policy below the admin's address, and nowhere else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(reverse("admin:index")):
            response._csp_replace = {**getattr(response, "_csp_replace", {}), **ADMIN_DIRECTIVES}
        return response


class SearchEnginesMiddleware:
    """Says on every answer that nothing is to be listed, where the operator wants the site left alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not settings.SEARCH_ENGINES:
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response


class DatabaseAwayMiddleware:
    """A page whose connection to the database broke says so and asks for patience, instead of calling it an error.

    What goes wrong outside of views, in other middleware, ends in `core.views.server_error`, which does the same.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return service_unavailable(request) if is_lost(exception) else None
