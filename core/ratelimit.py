"""Fixed-window rate limits, counted in the shared cache."""

import time
from functools import wraps
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from core.views import too_many_requests


class RateLimited(Exception):
    """More was asked than the window allows; `retry_after` is the number of seconds until it ends."""

    def __init__(self, retry_after: int):
        super().__init__(f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after


def ratelimit(key: str, limit: int, seconds: int) -> None:
    """Count one use of `key`; at most `limit` are allowed in each window of `seconds`.

    Raises:
        RateLimited: this use is one too many.
    """
    window, elapsed = divmod(int(time.time()), seconds)
    name = f"ratelimit:{key}:{seconds}:{window}"
    if cache.add(name, 1, timeout=seconds):
        used = 1
    else:
        try:
            used = cache.incr(name)
        except ValueError:
            # The key expired between the two calls: this is the first use of a new window.
            cache.set(name, 1, timeout=seconds)
            used = 1
    if used > limit:
        raise RateLimited(seconds - elapsed)


def client_address(request) -> str:
    """The address the request came from, behind as many proxies as the settings trust."""
    forwarded = [
        part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
    ]
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return request.META.get("REMOTE_ADDR", "")


def requester_key(request) -> str:
    """Who asks: the signed-in person, else a keyed hash of the address (addresses are not stored in the clear)."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"address:{salted_hmac('core.ratelimit', client_address(request)).hexdigest()[:32]}"


def visitors_limited(view):
    """View decorator: who is not signed in gets `VISITOR_LISTS_A_MINUTE` pages of all that carry it, by address, then
    the 429 page with Retry-After, which crawlers heed. 0 is no limit.

    This machine's own address is none of a visitor: behind a proxy that the settings do not trust all come from there.
    """

    @wraps(view)
    def limited(request, *args, **kwargs):
        most = settings.VISITOR_LISTS_A_MINUTE
        if most and not request.user.is_authenticated and not _is_from_here(request):
            try:
                ratelimit(f"visitor-lists:{requester_key(request)}", most, 60)
            except RateLimited as error:
                return too_many_requests(request, retry_after=error.retry_after)
        return view(request, *args, **kwargs)

    return limited


def _is_from_here(request) -> bool:
    try:
        return ip_address(client_address(request)).is_loopback
    except ValueError:
        # A socket of the file system has no address.
        return True


def rate_limited(name: str, *, limit: int, seconds: int, methods: tuple[str, ...] = ("POST",)):
    """View decorator: `limit` requests of `methods` a requester and window, then the 429 page with Retry-After."""

    def decorate(view):
        @wraps(view)
        def limited(request, *args, **kwargs):
            if request.method in methods:
                try:
                    ratelimit(f"{name}:{requester_key(request)}", limit, seconds)
                except RateLimited as error:
                    return too_many_requests(request, retry_after=error.retry_after)
            return view(request, *args, **kwargs)

        return limited

    return decorate
