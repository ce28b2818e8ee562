"""The search over everything."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from config.search import SearchPage
from core.ratelimit import visitors_limited


@require_safe
@visitors_limited
def search(request):
    page = SearchPage(request.GET, viewer=request.user)
    if page.kind is not None and page.kind.is_elsewhere:
        return redirect(page.kind.url)
    return render(request, "config/search.html", {"search": page})
