"""The marketplace grid."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.results import Results


@require_safe
def grid(request):
    results = Results(request.GET)
    is_continuation = request.htmx and request.htmx.target == "load-more"
    template = "marketplace/_grid_cards.html" if is_continuation else "marketplace/grid.html"
    return render(request, template, {"results": results, "form": results.form})
