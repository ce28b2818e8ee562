"""Absolute addresses of this site, for mails, canonical links and structured data."""

from django.conf import settings


def absolute_url(path: str, *, request=None) -> str:
    """`path` under `SITE_URL`; without that setting under the request's own host, and bare where neither is known."""
    if path.startswith(("http://", "https://")):
        return path
    if settings.SITE_URL:
        return f"{settings.SITE_URL.rstrip('/')}{path}"
    return request.build_absolute_uri(path) if request is not None else path
