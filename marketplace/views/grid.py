"""The marketplace grid."""

from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.ratelimit import visitors_limited
from marketplace.results import Results


# A browser must not show the part that "Load more" fetched as the page of the same address.
@require_safe
@visitors_limited
@vary_on_headers("HX-Target")
def grid(request):
    is_continuation = bool(request.htmx) and request.htmx.target == "load-more"
    results = Results(request.GET, viewer=request.user, is_continuation=is_continuation)
    template = "marketplace/_grid_cards.html" if is_continuation else "marketplace/grid.html"
    return render(request, template, {"results": results, "form": results.form})
