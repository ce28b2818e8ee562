"""A person's tickets, and asking something new."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.ratelimit import rate_limited
from marketplace.search.forms import clean_text
from support.actions import tickets as actions
from support.exceptions import TicketRefused
from support.search import articles_about
from support.ticketing.about import about_asked
from support.ticketing.box import Box
from support.ticketing.forms import TicketForm


@require_safe
@login_required
@never_cache
def ticket_list(request):
    """`?show=` narrows it to a state, `?q=` looks into all of them."""
    return render(request, "support/tickets/list.html", {"box": Box(request.user, request.GET)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("support-ticket", limit=20, seconds=3600)
def new(request):
    """`?order=`, `?model=` or `?refund=` is what it is about. Who was offered no answers yet, is, before it is sent."""
    if request.method != "POST":
        form = TicketForm(owner=request.user, about=about_asked(request.GET, request.user))
        return _page(request, form)
    form = TicketForm(request.POST, request.FILES, owner=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    # Files that were chosen would be lost by asking back.
    if "offered" not in request.POST and not form.cleaned_data["attachments"]:
        offered = list(articles_about(form.cleaned_data["subject"]))
        if offered:
            return _page(request, form, offered=offered)
    try:
        ticket = actions.open_ticket(owner=request.user, question=form.question())
    except TicketRefused as error:
        form.add_error(None, str(error))
        return _page(request, form, status=422)
    return redirect(ticket)


def _page(request, form: TicketForm, *, offered: list | None = None, status: int = 200):
    context = {"form": form, "articles": offered or [], "is_asked_back": bool(offered)}
    return render(request, "support/tickets/new.html", context, status=status)


@require_safe
@login_required
@rate_limited("support-suggestions", limit=120, seconds=60, methods=("GET", "HEAD"))
@cache_control(private=True, max_age=60)
def suggestions(request):
    """Answers to what stands in the subject, while it is typed."""
    text = clean_text(request.GET.get("subject", ""))
    found = list(articles_about(text)) if text else []
    return render(request, "support/tickets/_suggested.html", {"articles": found})
