"""One's own bounties, and those that one has applied to."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commerce.bounties.page import applications_of
from commerce.models import Bounty

PAGE_SIZE = 20


@require_safe
@login_required
@never_cache
def mine(request):
    rows = Bounty.objects.of_poster(request.user).select_related("category", "winner", "escrow_return")
    # What was given up before anybody saw it is nobody's business any more.
    rows = rows.exclude(status=Bounty.Status.CANCELLED, opened_at__isnull=True).newest_first()
    rows = rows.annotate(
        stands_still=Exists(Bounty.objects.holding_money().frozen().filter(pk=OuterRef("pk")))
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return _list(request, "commerce/my_bounties.html", page, "commerce:my_bounties")


@require_safe
@login_required
@never_cache
def applied(request):
    page = Paginator(applications_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return _list(request, "commerce/my_bounty_applications.html", page, "commerce:my_bounty_applications")


def _list(request, template: str, page, current: str):
    names = {"commerce:my_bounties": "Posted", "commerce:my_bounty_applications": "Applied to"}
    tabs = [
        {"label": label, "url": reverse(name), "count": None, "is_current": name == current}
        for name, label in names.items()
    ]
    return render(request, template, {"page": page, "tabs": tabs})
