"""Reporting something to the moderators: one page for things of every kind."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import reporting
from accounts.forms import ReportForm
from core.ratelimit import rate_limited


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@rate_limited("report", limit=20, seconds=3600)
def report(request, kind: str, object_id: str):
    """GET asks why, POST hands it to the moderators. Nobody reports their own, and nothing twice while it is open."""
    thing = reporting.find(kind, object_id, user=request.user)
    if thing is None:
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    known = reporting.open_report(thing, by=request.user)
    refusal = "This is yours." if thing.owner == request.user else ""
    if request.method == "POST" and not refusal and known is None and form.is_valid():
        reporting.report(thing, by=request.user, **form.cleaned_data)
        messages.success(request, "Thank you. The moderators will look at it.")
        return redirect(thing.link)
    context = {"thing": thing, "form": form, "known": known, "refusal": refusal}
    return render(request, "accounts/report.html", context, status=422 if form.errors else 200)
