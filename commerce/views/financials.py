"""Page 34: a seller's balance, earnings, movements and statements, each also as a file."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import creator_required
from accounts.entitlements import entitlements_of
from commerce.financials.balance import Balance
from commerce.financials.earnings import Earnings
from commerce.financials.movements import HEADER, Movements, all_rows
from commerce.financials.statements import HEADER as STATEMENT_HEADER
from commerce.financials.statements import Month, file_name, months_of, statement_rows
from commerce.models import Payout
from core.csv_files import csv_response
from core.periods import Period, period_tabs, utc_today
from core.ratelimit import rate_limited

SHOWN_MOVEMENTS, SHOWN_PAYOUTS = 6, 4


@require_safe
@creator_required
@never_cache
def overview(request):
    """The balance, the period's earnings, and the last of everything."""
    period = Period.of(request.GET)
    movements = Movements(request.user, {})
    context = {
        "balance": Balance(request.user),
        "earnings": Earnings(request.user, period),
        "period": period,
        "today": utc_today(),
        "period_tabs": period_tabs(period, reverse("commerce:financials")),
        "rows": movements.rows[:SHOWN_MOVEMENTS],
        "payouts": Payout.objects.of_seller(request.user).newest_first()[:SHOWN_PAYOUTS],
        "hold_days": hold_days(request.user),
    }
    return render(request, "commerce/financials.html", context)


@require_safe
@creator_required
@rate_limited("financials-file", limit=60, seconds=600, methods=("GET",))
def earnings_csv(request):
    """The period's days as comma-separated values."""
    period = Period.of(request.GET)
    found = Earnings(request.user, period)
    name = f"earnings-{period.first.isoformat()}-to-{period.last.isoformat()}-{settings.CURRENCY}.csv"
    return csv_response(name, Earnings.HEADER, found.csv_rows)


@require_safe
@creator_required
@never_cache
def transactions(request):
    """Every movement of the balance, narrowed by the address."""
    return render(request, "commerce/transactions.html", {"movements": Movements(request.user, request.GET)})


@require_safe
@creator_required
@rate_limited("financials-file", limit=60, seconds=600, methods=("GET",))
def transactions_csv(request):
    """The same as comma-separated values, however many."""
    found = Movements(request.user, request.GET)
    rows = all_rows(found.entries.order_by("-created_at", "-pk"), found.now)
    name = f"transactions-{utc_today().isoformat()}-{settings.CURRENCY}.csv"
    return csv_response(name, HEADER, (row.cells for row in rows))


@require_safe
@creator_required
@never_cache
def statements(request):
    """The months of which there are statements."""
    return render(request, "commerce/statements.html", {"months": months_of(request.user)})


@require_safe
@creator_required
@rate_limited("financials-file", limit=60, seconds=600, methods=("GET",))
def statement(request, year: int, month: int):
    """A month as comma-separated values; 404 for one that has not begun, or that is none."""
    if not (1 <= month <= 12 and 2000 <= year <= 2200) or Month(year, month) > Month.of(utc_today()):
        raise Http404
    found = Month(year, month)
    return csv_response(file_name(found), STATEMENT_HEADER, statement_rows(request.user, found))


def hold_days(user) -> int:
    """For how many days a sale of theirs is on hold."""
    return entitlements_of(user).hold_days
