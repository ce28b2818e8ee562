"""Download links: made by a counted POST, followed by signed GETs."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST, require_safe

from commerce.actions.downloads import make_link
from commerce.exceptions import DownloadLimitReached, DownloadPaused, FileMissing
from commerce.models import DownloadLink, Purchase
from commerce.packages import Package, Part
from core.files import send_private
from core.ratelimit import rate_limited


@require_POST
@login_required
@rate_limited("make-download", limit=120, seconds=600)
def make(request, purchase_id: uuid.UUID):
    """Count one download and go to its link."""
    owned = Purchase.objects.of_user(request.user).of_models().active().select_related("model")
    purchase = get_object_or_404(owned, public_id=purchase_id)
    try:
        return redirect(make_link(purchase))
    except (DownloadLimitReached, DownloadPaused, FileMissing) as error:
        context = {"purchase": purchase, "message": error.message}
        context["is_limit"] = isinstance(error, DownloadLimitReached)
        context["is_paused"] = isinstance(error, DownloadPaused)
        status = 500 if isinstance(error, FileMissing) else 403
        return render(request, "commerce/download_refused.html", context, status=status)


@require_safe
def download(request, token: str):
    """The file itself where there is one; else a page that lists them. For the person who made the link, as often as
    they like until it expires.
    """
    link = _link(request, token)
    if not link.is_valid:
        return _expired(request, link)
    package = Package(link)
    if package.is_single:
        return _send(request, package.files[0])
    response = render(request, "commerce/download.html", {"purchase": link.purchase, "package": package})
    add_never_cache_headers(response)
    return response


@require_safe
def download_file(request, token: str, file_id: uuid.UUID):
    """One of the formats that a link opens."""
    return _download_part(request, token, lambda package: package.files, file_id)


@require_safe
def download_document(request, token: str, document_id: uuid.UUID):
    """One of the documents that a link opens."""
    return _download_part(request, token, lambda package: package.documents, document_id)


def _download_part(request, token: str, parts_of, public_id: uuid.UUID):
    link = _link(request, token)
    if not link.is_valid:
        return _expired(request, link)
    for part in parts_of(Package(link)):
        if part.public_id == public_id:
            return _send(request, part)
    raise Http404


def _link(request, token: str) -> DownloadLink:
    """The link, if it is the asking person's."""
    link = DownloadLink.find(token, user=request.user) if request.user.is_authenticated else None
    if link is None:
        raise Http404
    return link


def _expired(request, link: DownloadLink):
    context = {"purchase": link.purchase, "link": link}
    response = render(request, "commerce/download_expired.html", context, status=410)
    add_never_cache_headers(response)
    return response


def _send(request, part: Part):
    return send_private(
        request,
        part.storage_name,
        filename=part.filename,
        content_type=part.content_type,
        as_attachment=True,
    )
