"""Who runs the site, as machines tell it: by a token, or by asking on this very machine."""

import ipaddress

from django.conf import settings
from django.utils.crypto import constant_time_compare


def is_operator(request) -> bool:
    """Whether details of how the site runs may be told to who asks."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and kind.lower() == "bearer":
        return constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    # A proxy on this machine asks from here too, for everybody; but it says for whom.
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and not (
        request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded")
    )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
