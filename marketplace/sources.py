"""Where a visitor came from, as one of a few kinds: all that is kept of what the browser says of the page before."""

import re
from urllib.parse import parse_qs, urlsplit

from django.urls import Resolver404, resolve

from marketplace.models import ViewSource

# A label of the page's host that tells what it is: `www.google.de`, `duckduckgo.com`.
ENGINES = {
    *("google", "bing", "duckduckgo", "yahoo", "ecosia", "qwant", "startpage", "brave", "baidu", "yandex"),
    *("kagi", "mojeek", "naver", "seznam", "sogou"),
}
NETWORKS = {
    *("facebook", "instagram", "twitter", "reddit", "pinterest", "linkedin", "tiktok", "youtube", "discord"),
    *(
        "discordapp",
        "threads",
        "tumblr",
        "vk",
        "whatsapp",
        "telegram",
        "mastodon",
        "bsky",
        "snapchat",
        "weibo",
    ),
}
NETWORK_HOSTS = {"t.co", "x.com", "t.me", "lnkd.in", "fb.me", "youtu.be", "pin.it", "redd.it"}
_HOST = re.compile(r"[a-z0-9.-]{1,253}", re.ASCII)

SEARCHES = {"search", "marketplace:shape_results", "marketplace:suggestions"}
PROFILES = {
    *("accounts:profile", "accounts:profile_about", "accounts:followers", "accounts:following"),
    *("marketplace:profile_collections", "marketplace:profile_likes", "commerce:profile_reviews"),
}
MODELS = {
    "marketplace:model",
    "marketplace:viewer",
    "marketplace:comments",
    "commerce:reviews",
    "commerce:review",
}


def source_of(request) -> ViewSource:
    """The kind of place that the request's visitor came from."""
    referrer = request.headers.get("Referer", "")
    try:
        parts = urlsplit(referrer)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ViewSource.DIRECT
    # Programs name themselves by other schemes.
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return ViewSource.DIRECT
    if host == request.get_host().rsplit(":", 1)[0].removeprefix("www."):
        return _own_page(parts.path, parts.query)
    labels = set(host.split(".")[:-1])
    if labels & ENGINES:
        return ViewSource.ENGINE
    if host in NETWORK_HOSTS or labels & NETWORKS:
        return ViewSource.SOCIAL
    return ViewSource.OTHER


def _own_page(path: str, query: str) -> ViewSource:
    try:
        name = resolve(path).view_name
    except Resolver404:
        return ViewSource.BROWSE
    if name in SEARCHES or (name == "marketplace:grid" and parse_qs(query).get("q")):
        return ViewSource.SEARCH
    if name in PROFILES:
        return ViewSource.PROFILE
    return ViewSource.MODEL if name in MODELS else ViewSource.BROWSE
