"""Page 31: what became of one's models, what waits, what happened; for buyers what they have and how to start."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.entitlements import Limits, entitlements_of
from commerce.dashboard.activity import latest
from commerce.dashboard.board import Board
from commerce.dashboard.courses import taught_by
from commerce.dashboard.figures import NAMES, first_day
from commerce.dashboard.spans import Span, span_of
from commerce.dashboard.starting import Starting
from commerce.dashboard.todo import todos
from core.csv_files import csv_response
from core.periods import utc_today
from core.ratelimit import rate_limited
from marketplace.models import Model3D


@require_safe
@login_required
@never_cache
def dashboard(request):
    """The period (`days`, or `from` and `to`) and the order of the best models (`top`) stand in the address."""
    user = request.user
    context = {"todos": todos(user), "starting": Starting(user), "taught": taught_by(user)}
    if user.is_creator and Model3D.objects.filter(creator=user).exists():
        limits = entitlements_of(user)
        span = _span(request, limits)
        context |= {
            "board": Board(user, span.period, order=request.GET.get("top", "")),
            "span": span,
            "period": span.period,
            "today": utc_today(),
            "tabs": span.tabs(reverse("commerce:dashboard")),
            "limits": limits,
            "events": latest(user),
        }
    return render(request, "commerce/dashboard.html", context)


def _span(request, limits: Limits) -> Span:
    return span_of(request.GET, oldest=first_day(request.user), most_days=limits.analytics_days)


@require_safe
@login_required
@rate_limited("dashboard-file", limit=60, seconds=600, methods=("GET",))
def dashboard_csv(request, table: str):
    """The days, the models, or the sources of the period as comma-separated values."""
    period = _span(request, entitlements_of(request.user)).period
    board = Board(request.user, period, order=request.GET.get("top", ""))
    figures = [*NAMES[:-1], f"revenue ({settings.CURRENCY})"]
    tables = {
        "days": (["day (UTC)", *figures], board.days.rows),
        "models": (["model", "title", *figures], board.model_rows),
        "sources": (["day (UTC)", "source", "views"], board.days.source_rows),
    }
    if table not in tables:
        raise Http404
    name = f"{table}-{period.first.isoformat()}-to-{period.last.isoformat()}.csv"
    return csv_response(name, *tables[table])
