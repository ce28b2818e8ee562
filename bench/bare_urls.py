"""One page: 24 cards from one query, rendered anew each time."""

from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from marketplace.models import Model3D

PAGE = engines["django"].from_string(
    '<!doctype html><html lang="en"><head><title>Models</title></head>'
    '<body><main>{% include "components/card_grid.html" %}</main></body></html>'
)


def bare(request):
    models = Model3D.objects.listed().with_card_data().newest_first()[:24]
    page = PAGE.render({"models": models}).encode()
    return HttpResponse(page, headers={"Content-Length": str(len(page))})


# The cards name pages of the site, so its addresses are known here too.
urlpatterns = [path("bare/", bare), path("", include("config.urls"))]
