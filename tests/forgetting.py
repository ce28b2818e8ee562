"""Processes that outlive a test must not remember what its end took from the database.

Emptying the tables brings the content types back under other numbers; a process that kept the old ones would write rows
that point nowhere.
"""

from django.contrib.contenttypes.models import ContentType


def forget_content_types(get_response):
    """Middleware for the web process."""

    def middleware(request):
        ContentType.objects.clear_cache()
        return get_response(request)

    return middleware
