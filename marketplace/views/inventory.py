"""A creator's own models."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import creator_required
from marketplace.inventory import inventory_rows, status_tabs
from marketplace.models import Model3D

PAGE_SIZE = 24


@require_safe
@creator_required
def inventory(request):
    """Page 32 in a first form: by status, newest first."""
    own = Model3D.objects.owned_by(request.user)
    status = request.GET.get("status", "")
    shown = own.filter(status=status) if status in Model3D.Status.values else own
    page = Paginator(inventory_rows(shown), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "tabs": status_tabs(own, current=status), "status": status}
    return render(request, "marketplace/inventory.html", context)
