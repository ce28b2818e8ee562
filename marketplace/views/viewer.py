"""The 3D viewer in the whole window."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marketplace.models import Model3D
from marketplace.showcase import Showcase


@require_safe
def viewer(request, pk: int):
    shown = get_object_or_404(Model3D.objects.visible_to(request.user).with_page_data(), pk=pk)
    showcase = Showcase(shown, viewer=request.user)
    return render(request, "marketplace/viewer.html", {"model": shown, "showcase": showcase})
