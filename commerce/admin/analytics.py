"""Page 58 in the console: /admin/analytics/, for finance and administrators."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from commerce.analytics.report import MONEY, Report
from commerce.models import SiteDay
from core.admin import ReadOnlyAdmin
from core.csv_files import csv_response
from core.periods import Period, period_tabs, utc_today


@admin.register(SiteDay)
class AnalyticsAdmin(ReadOnlyAdmin):
    """What leads to the page from the console's lists of things."""

    def changelist_view(self, request, extra_context=None):
        _permitted(request)
        return redirect("analytics")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        _permitted(request)
        return redirect("analytics")


def _permitted(request) -> None:
    if not request.user.has_perm("commerce.view_siteday"):
        raise PermissionDenied


@require_safe
def analytics(request):
    """The period (`days`, or `from` and `to`) stands in the address."""
    _permitted(request)
    period = Period.of(request.GET)
    context = {
        **admin.site.each_context(request),
        "title": "Revenue and analytics",
        "report": Report(period),
        "period": period,
        "today": utc_today(),
        "tabs": period_tabs(period, reverse("analytics")),
    }
    return TemplateResponse(request, "admin/commerce/analytics/report.html", context)


@require_safe
def analytics_csv(request, table: str):
    """Days, models or creators of the period as comma-separated values."""
    _permitted(request)
    period = Period.of(request.GET)
    report = Report(period)
    currency = settings.CURRENCY
    figures = ["sales", f"revenue ({currency})", "views"]
    money = [f"{name} ({currency})" for name in MONEY]
    tables = {
        "days": (["day (UTC)", "sales", *money, "views", "carts"], lambda: report.day_cells),
        "models": (["model", "title", "creator", *figures], lambda: report.model_cells),
        "creators": (["id", "creator", *figures], lambda: report.creator_cells),
    }
    if table not in tables:
        raise Http404
    header, rows = tables[table]
    name = f"{table}-{period.first.isoformat()}-to-{period.last.isoformat()}.csv"
    return csv_response(name, header, rows())
