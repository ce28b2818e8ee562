"""The certificate of a purchase: printed anew each time, since what it says about its buyer is theirs to change."""

import io

import segno
from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from commerce.documents import billing
from commerce.documents.company import seller
from commerce.documents.typesetting import typeset
from commerce.models import Certificate, Purchase
from core.addresses import absolute_url
from marketplace.models import License


def certificate_for(purchase: Purchase) -> Certificate:
    """The purchase's certificate, made now where there is none, with every file that the purchase gives by now."""
    today = timezone.now().date().isoformat()
    files = [
        {
            "label": file.contents_label,
            "version": file.version,
            "size": file.size,
            "sha256": file.sha256,
            "since": today,
        }
        for file in purchase.files()
        if file.sha256
    ]
    with transaction.atomic():
        Certificate.objects.get_or_create(purchase=purchase)
        # Two tabs at once: neither loses what the other has noted.
        certificate = (
            Certificate.objects.with_page_data()
            .select_for_update(no_key=True, of=("self",))
            .get(purchase=purchase)
        )
        if certificate.note_files(files):
            certificate.save(update_fields=["files", "updated_at"])
    return certificate


def licence_version(certificate: Certificate) -> str:
    """Of the text that the buyer agreed to."""
    line = certificate.purchase.transaction
    known = line.license in License.values
    return line.license_version or (License(line.license).version if known else "")


def certificate_data(certificate: Certificate) -> dict:
    """What the template prints: all of it, for its buyer to pass on."""
    purchase = certificate.purchase
    line = purchase.transaction
    address = absolute_url(certificate.get_absolute_url())
    known = line.license in License.values
    return {
        "seller": seller(),
        "number": certificate.number,
        "title": line.title,
        "creator": line.seller.display_name,
        "holder": certificate.holder,
        "licence": line.license_name,
        "version": licence_version(certificate),
        "summary": License(line.license).summary if known else "",
        "terms_url": absolute_url(License(line.license).get_absolute_url()) if known else "",
        "facts": [
            ["Certificate", str(certificate.public_id)],
            ["Order", line.order.number],
            ["Licensed on", billing.day(purchase.created_at)],
            ["Printed on", billing.day(timezone.now())],
        ],
        "files": [
            {**file, "size": filesizeformat(file["size"]).replace("\xa0", " ")} for file in certificate.files
        ],
        "address": address,
        "code": _code(address),
        "site": settings.SITE_NAME,
    }


def certificate_pdf(certificate: Certificate) -> bytes:
    return typeset("certificate", certificate_data(certificate), at=timezone.now())


def _code(address: str) -> str:
    """The address as a QR code, as SVG."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", border=0, dark="#000", light="#fff", xmldecl=False
    )
    return picture.getvalue().decode()
