"""Licence certificates: the buyer's page, the PDF, and the public page that says whether one holds."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from commerce.documents import certificate_for, certificate_pdf
from commerce.documents.certificates import licence_version
from commerce.forms import CertificateForm
from commerce.models import Certificate, Purchase
from core.ratelimit import rate_limited
from marketplace.models import License


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("certificate", limit=60, seconds=600)
def settings(request, purchase_id: uuid.UUID):
    """What the certificate says about its buyer."""
    certificate = certificate_for(_own_purchase(request, purchase_id))
    form = CertificateForm(request.POST or None, instance=certificate)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "The certificate says so from now on.")
        return redirect("commerce:purchase_certificate", purchase_id)
    context = {"certificate": certificate, "purchase": certificate.purchase, "form": form}
    context["version"] = licence_version(certificate)
    return render(request, "commerce/certificate_settings.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
@never_cache
@rate_limited("documents", limit=60, seconds=600, methods=("GET",))
def download(request, purchase_id: uuid.UUID):
    certificate = certificate_for(_own_purchase(request, purchase_id))
    disposition = content_disposition_header(True, f"licence-certificate-{certificate.number}.pdf")
    return HttpResponse(
        certificate_pdf(certificate),
        content_type="application/pdf",
        headers={"Content-Disposition": disposition},
    )


@require_safe
@never_cache
def verify(request, certificate_id: uuid.UUID):
    """For everybody who was given the address: whether the licence holds, and what its buyer chose to show."""
    certificate = get_object_or_404(Certificate.objects.with_page_data(), public_id=certificate_id)
    line = certificate.purchase.transaction
    context = {"certificate": certificate, "line": line, "version": licence_version(certificate)}
    context["licence"] = License(line.license) if line.license in License.values else None
    return render(request, "commerce/certificate.html", context)


def _own_purchase(request, purchase_id: uuid.UUID) -> Purchase:
    owned = Purchase.objects.of_user(request.user).of_models().active().select_related("model__current_file")
    return get_object_or_404(owned, public_id=purchase_id)
