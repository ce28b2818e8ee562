"""Middleware about what other sites show of this one."""

import re

from django.urls import reverse

from marketplace.embedding import is_embed

_VIEWER = re.compile(r"/view/[0-9]+/", re.ASCII)


class CookielessMiddleware:
    """Takes the cookies from requests for embedded views and oEmbed, and lets no answer to them set any.

    Whoever embeds a model gets what every visitor gets, also in a browser that is signed in here; and the frame knows
    nobody. It stands before everything that reads a cookie.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not _is_for_others(request):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        response.cookies.clear()
        varies = [
            name
            for name in map(str.strip, response.get("Vary", "").split(","))
            if name.lower() not in ("", "cookie")
        ]
        if varies:
            response["Vary"] = ", ".join(varies)
        else:
            del response["Vary"]
        return response


def _is_for_others(request) -> bool:
    if _VIEWER.fullmatch(request.path):
        return is_embed(request.GET)
    return request.path == reverse("marketplace:oembed")
