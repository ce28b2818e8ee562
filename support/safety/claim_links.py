"""The link by which somebody without an account confirms their claim."""

from django.core import signing
from django.urls import reverse

from core.addresses import absolute_url
from support.models import CopyrightClaim

_SALT = "support.safety.confirmation"


def confirmation_url(claim: CopyrightClaim) -> str:
    return absolute_url(
        reverse("support:confirm_claim", args=[signing.dumps(str(claim.public_id), salt=_SALT)])
    )


def claim_of(token: str) -> CopyrightClaim | None:
    """None where nobody has signed this, or the claim is gone."""
    try:
        public_id = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return CopyrightClaim.objects.select_related("model").filter(public_id=public_id).first()
