"""The page of one model."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marketplace.models import Model3D
from marketplace.oembed import discovery_url
from marketplace.showcase import Showcase
from marketplace.statistics import record_view
from marketplace.structured_data import product_json_ld


@require_safe
def model(request, pk: int):
    shown = get_object_or_404(Model3D.objects.visible_to(request.user).with_page_data(), pk=pk)
    record_view(shown, request)
    showcase = Showcase(shown, viewer=request.user)
    context = {
        "model": shown,
        "showcase": showcase,
        "oembed_url": discovery_url(shown, request=request) if shown.is_open_to_all else "",
        "json_ld_data": product_json_ld(showcase, request=request),
    }
    return render(request, "marketplace/model.html", context)
