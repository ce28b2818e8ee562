"""Answering with a feed: a reader that has the newest gets 304."""

from datetime import datetime
from typing import Protocol

from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
KEPT_SECONDS = 300


class Feed(Protocol):
    """What is asked of a feed; `etag` changes with what it says, and costs less than writing it."""

    @property
    def etag(self) -> str: ...

    @property
    def last_modified(self) -> datetime | None: ...

    def write(self) -> str: ...


def feed_answer(request, feed: Feed) -> HttpResponse:
    changed = int(feed.last_modified.timestamp()) if feed.last_modified else None
    response = get_conditional_response(request, etag=feed.etag, last_modified=changed)
    if response is None:
        response = HttpResponse(feed.write(), content_type=MEDIA_TYPE)
    response["ETag"] = feed.etag
    if changed:
        response["Last-Modified"] = http_date(changed)
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return response
