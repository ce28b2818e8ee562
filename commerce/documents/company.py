"""Who sells, as the settings name them."""

from django.conf import settings


def seller() -> dict:
    """For the head of a paper; kept with it, since settings change."""
    return {
        "site": settings.SITE_NAME,
        "name": settings.COMPANY_NAME,
        "address": [line.strip() for line in settings.COMPANY_ADDRESS.split(";") if line.strip()],
        "tax_id": settings.COMPANY_TAX_ID,
        "email": settings.COMPANY_EMAIL,
    }
