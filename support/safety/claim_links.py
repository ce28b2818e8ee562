"""The link by which somebody without an account confirms their claim, within `SAFETY_LINK_DAYS`."""

from django.core import signing
from django.urls import reverse

from core.addresses import absolute_url
from support.models import CopyrightClaim
from support.safety.mailed_links import opened

_SALT = "support.safety.confirmation"


def confirmation_url(claim: CopyrightClaim) -> str:
    return absolute_url(
        reverse("support:confirm_claim", args=[signing.dumps(str(claim.public_id), salt=_SALT)])
    )


def claim_of(token: str) -> tuple[CopyrightClaim | None, bool]:
    """The claim, None where nobody has signed this, or it is gone; and whether the link still works."""
    try:
        public_id, works = opened(token, salt=_SALT)
    except signing.BadSignature:
        return None, False
    return CopyrightClaim.objects.select_related("model").filter(public_id=public_id).first(), works
