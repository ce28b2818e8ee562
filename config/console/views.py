"""Pages of the console that belong to no single list."""

import time

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from config.console.person import told_of
from config.console.search import lists_named, search


@require_safe
def console_search(request):
    """Answers the box that opens over every page (`s`), and is a page of its own without scripts (`q`).

    In place of unfold's search, which looks through every list without an index and keeps what it found.
    """
    in_box = "s" in request.GET and request.htmx
    text = request.GET.get("s" if "s" in request.GET else "q", "")
    started = time.perf_counter()
    hits = [*search(text, user=request.user), *lists_named(request, text)]
    # The box shows one page, which holds all that a search finds.
    page = Paginator(hits, max(len(hits), 1)).page(1)
    if in_box:
        context = {
            "results": page,
            "page_obj": page.paginator,
            "page_counter": 0,
            "execution_time": time.perf_counter() - started,
            "command_show_history": False,
        }
        return TemplateResponse(request, "unfold/helpers/command_results.html", context)
    context = {**admin.site.each_context(request), "title": "Search", "text": text, "hits": hits}
    return TemplateResponse(request, "admin/console/search.html", context)


@require_safe
def console_person(request, pk: int):
    """All that one person did and that was decided about them, as far as the viewer's role reaches."""
    if not request.user.has_perm("accounts.view_user"):
        raise PermissionDenied
    person = get_object_or_404(User, pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": person.display_name,
        "person": person,
        "told": told_of(person, viewer=request.user),
    }
    return TemplateResponse(request, "admin/console/person.html", context)
