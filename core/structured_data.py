"""Structured data (JSON-LD of schema.org) that pages of every kind have."""

from collections.abc import Iterable

from core.addresses import absolute_url


def breadcrumbs(trail: Iterable[tuple[str, str]], *, request) -> dict:
    """The way to a page: label and path of each step, the page itself last."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": label,
                "item": absolute_url(url, request=request),
            }
            for place, (label, url) in enumerate(trail, start=1)
        ],
    }
