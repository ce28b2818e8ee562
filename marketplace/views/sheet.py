"""The technical sheet of a model, as a page to print and as data."""

from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.ratelimit import rate_limited
from core.robots import tell_robots
from marketplace.models import Model3D
from marketplace.showcase import Showcase
from marketplace.technical_sheet import TechnicalSheet


def _sheet(request, pk: int) -> TechnicalSheet:
    """Of a model that the person may see, once it was measured."""
    shown = get_object_or_404(Model3D.objects.visible_to(request.user).with_page_data(), pk=pk)
    sheet = TechnicalSheet(Showcase(shown, viewer=request.user), request=request)
    if not sheet.exists:
        raise Http404
    return sheet


@require_safe
@rate_limited("sheet", limit=60, seconds=600, methods=("GET",))
def sheet(request, pk: int):
    found = _sheet(request, pk)
    context = {"sheet": found, "showcase": found.showcase, "model": found.model}
    return _told(render(request, "marketplace/sheet.html", context), found)


@require_safe
@rate_limited("sheet", limit=60, seconds=600, methods=("GET",))
def data(request, pk: int):
    found = _sheet(request, pk)
    response = JsonResponse(found.as_data(), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = content_disposition_header(True, f"{found.file_name}.json")
    return _told(response, found)


def _told(response, sheet: TechnicalSheet):
    return tell_robots(response, is_indexed=False, may_train=sheet.model.ai_training_allowed)
