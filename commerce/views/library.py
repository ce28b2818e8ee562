"""The library: what a person has bought or got for free."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commerce.models import DownloadLink, Purchase, Refund

PAGE_SIZE = 20


@require_safe
@login_required
@never_cache
def purchases(request):
    """`q` searches, `model` shows one model's purchase, `show=returned` what was refunded."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]
    own = Purchase.objects.of_user(request.user).of_models()
    shows_returned = request.GET.get("show") == "returned"
    owned = own.returned() if shows_returned else own.active()
    found = owned.matching(query).with_library_data().newest_first()
    model_id = request.GET.get("model", "")
    if model_id.isdecimal() and len(model_id) <= 18:
        found = found.filter(model=model_id)
    found = found.prefetch_related(
        Prefetch("links", DownloadLink.objects.valid().order_by("-expires_at", "-pk"), to_attr="valid_links"),
        Prefetch("transaction__refunds", Refund.objects.newest_first(), to_attr="shown_refunds"),
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "query": query, "is_filtered": bool(query or model_id)}
    context["is_empty"] = not page.object_list and not context["is_filtered"] and not shows_returned
    context["shows_returned"] = shows_returned
    context["has_returned"] = shows_returned or own.returned().exists()
    return render(request, "commerce/purchases.html", context)
