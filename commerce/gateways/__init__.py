"""Payment providers: the one named in a row or an address, and those the settings offer."""

from django.conf import settings

from commerce.gateways.base import Gateway
from commerce.gateways.sandbox import SandboxGateway
from commerce.gateways.stripe import StripeGateway

GATEWAYS: dict[str, type[Gateway]] = {gateway.name: gateway for gateway in (SandboxGateway, StripeGateway)}


def offered() -> list[Gateway]:
    """The providers of the settings, in their order."""
    return [GATEWAYS[name]() for name in settings.PAYMENT_PROVIDERS if name in GATEWAYS]


def is_offered(name: str) -> bool:
    return name in settings.PAYMENT_PROVIDERS and name in GATEWAYS


def gateway(name: str) -> Gateway:
    """The provider of a payment that exists, also one that is no longer offered.

    Raises:
        LookupError: there never was such a provider.
    """
    return GATEWAYS[name]()
