"""What became of one of the creator's own models: charts, and the days as a file."""

import csv

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import creator_required
from marketplace.model_statistics import (
    FIELDS,
    PERIODS,
    ModelStatistics,
    period_label,
    period_of,
    periods_for,
)
from marketplace.models import Model3D


@require_safe
@creator_required
def statistics(request, pk: int):
    """The charts of a period; it stands in the address."""
    model = _own(request, pk)
    periods = periods_for(request.user)
    days = period_of(request.GET.get("days"), periods)
    address = reverse("marketplace:model_statistics", args=[pk])
    tabs = [
        {
            "label": period_label(period),
            "url": f"{address}?days={period}",
            "count": None,
            "is_current": period == days,
        }
        for period in periods
    ]
    longer = [period_label(period) for period in PERIODS if period not in periods]
    context = {"model": model, "statistics": ModelStatistics(model, days=days), "tabs": tabs, "days": days}
    context["longer"] = longer
    return render(request, "marketplace/statistics.html", context)


@require_safe
@creator_required
def statistics_csv(request, pk: int):
    """The same days as comma-separated values."""
    model = _own(request, pk)
    days = period_of(request.GET.get("days"), periods_for(request.user))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="model-{pk}-{days}-days.csv"'
    writer = csv.writer(response)
    writer.writerow(["day (UTC)", *FIELDS[:-1], f"revenue ({settings.CURRENCY})"])
    writer.writerows(ModelStatistics(model, days=days).csv_rows)
    return response


def _own(request, pk: int) -> Model3D:
    return get_object_or_404(Model3D.objects.owned_by(request.user).select_related("current_file"), pk=pk)
