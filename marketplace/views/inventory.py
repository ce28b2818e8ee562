"""A creator's own models."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import creator_required
from marketplace.inventory import PAGE_SIZE, Inventory, rows_of
from marketplace.models import Model3D
from marketplace.selection import Report, chosen_ids


@require_safe
@creator_required
def inventory(request):
    """Page 32: by state, searched, in an order; what was done to several models is told once."""
    context = {"inventory": Inventory(request.user, request.GET), "report": Report.take(request.session)}
    context["page"] = context["inventory"].page
    return render(request, "marketplace/inventory.html", context)


@require_safe
def progress(request):
    """How far the named models' files are: the rows that changed since `seen`; 204 where none did."""
    if not request.user.is_authenticated:
        return HttpResponseClientRefresh()
    ids = chosen_ids(request.GET.getlist("model"))[:PAGE_SIZE]
    models = Model3D.objects.owned_by(request.user).filter(pk__in=ids).select_related("current_file")
    rows = rows_of(list(models.order_by("pk")))
    seen = request.GET.getlist("seen")
    changed = [row for row in rows if row.stamp not in seen]
    if not changed:
        return HttpResponse(status=204)
    context = {"changed": changed, "unfinished": [row for row in rows if row.unfinished]}
    return render(request, "marketplace/_inventory_progress.html", context)
