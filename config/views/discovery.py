"""What programs ask a site for before they read it: where its pages are, and which of them they may read."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.sitemaps import SECTIONS
from core.addresses import absolute_url
from core.sitemaps import KEPT_SECONDS, Entry, write_index, write_part

XML = "application/xml; charset=utf-8"
# Nothing to read there: what belongs to one person, what only does something, what is signed for one visit.
PRIVATE = (
    *(
        "/accounts/",
        "/admin/",
        "/cart/",
        "/checkout/",
        "/collections/new/",
        "/dashboard/",
        "/dev/",
        "/downloads/",
    ),
    *(
        "/likes/",
        "/claims/",
        "/copyright/confirm/",
        "/decisions/",
        "/notifications/",
        "/preview/",
        "/purchase/",
        "/report/",
        "/sandbox/",
        "/search/shape/",
        "/search/suggestions/",
        "/theme/",
    ),
    *("/unsubscribe/", "/upload/", "/uploads/", "/webhooks/"),
    *("/collections/*/edit/", "/model/*/collect/", "/model/*/comments/*/edit/"),
)
# Programs that gather what AI is trained on, by the names that their makers publish.
TRAINING_AGENTS = (
    *(
        "AI2Bot",
        "Amazonbot",
        "Applebot-Extended",
        "Bytespider",
        "CCBot",
        "ClaudeBot",
        "cohere-training-data-crawler",
    ),
    *(
        "Diffbot",
        "FacebookBot",
        "Google-Extended",
        "GPTBot",
        "ImagesiftBot",
        "img2dataset",
        "meta-externalagent",
    ),
    *("omgili", "PanguBot", "Timpibot", "webzio-extended"),
)


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def robots(request):
    context = {
        "is_indexed": settings.SEARCH_ENGINES,
        "private": PRIVATE,
        "refused_agents": () if settings.TRAINING_CRAWLERS else TRAINING_AGENTS,
        "sitemap": absolute_url(reverse("sitemap_index"), request=request),
    }
    return render(request, "pages/robots.txt", context, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def sitemap_index(request):
    places = [
        Entry(reverse("sitemap", args=[name, part]), changed)
        for name, section in SECTIONS.items()
        for part, changed in sorted(section.parts().items())
    ]
    return HttpResponse(write_index(places), content_type=XML)


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def sitemap(request, section: str, part: int):
    """A part without any page does not exist: the protocol knows no empty one."""
    entries = list(SECTIONS[section].entries(part)) if section in SECTIONS else []
    if not entries:
        raise Http404
    return HttpResponse(write_part(entries), content_type=XML)
