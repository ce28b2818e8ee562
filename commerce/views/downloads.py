"""Download links: made by a counted POST, followed by a signed GET."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from commerce.actions.downloads import make_link
from commerce.exceptions import DownloadLimitReached, FileMissing
from commerce.models import DownloadLink, Purchase
from core.files import send_private
from core.ratelimit import rate_limited

CONTENT_TYPES = {"glb": "model/gltf-binary"}


@require_POST
@login_required
@rate_limited("make-download", limit=120, seconds=600)
def make(request, purchase_id: uuid.UUID):
    """Count one download and go to its link."""
    owned = Purchase.objects.of_user(request.user).active().select_related("model")
    purchase = get_object_or_404(owned, public_id=purchase_id)
    try:
        return redirect(make_link(purchase))
    except (DownloadLimitReached, FileMissing) as error:
        context = {"purchase": purchase, "message": error.message}
        context["is_limit"] = isinstance(error, DownloadLimitReached)
        return render(
            request, "commerce/download_refused.html", context, status=403 if context["is_limit"] else 500
        )


@require_safe
def download(request, token: str):
    """The file itself, for the person who made the link, as often as they like until it expires."""
    if not request.user.is_authenticated:
        raise Http404
    link = DownloadLink.find(token, user=request.user)
    if link is None:
        raise Http404
    if not link.is_valid:
        return render(
            request, "commerce/download_expired.html", {"purchase": link.purchase, "link": link}, status=410
        )
    return send_private(
        request,
        link.file.original.name,
        filename=download_name(link),
        content_type=CONTENT_TYPES[link.file.format],
        as_attachment=True,
    )


def download_name(link: DownloadLink) -> str:
    """The model's title as a file name that every system takes."""
    stem = slugify(link.purchase.model.title)[:80].strip("-") or f"model-{link.purchase.model_id}"
    return f"{stem}.{link.file.format}"
