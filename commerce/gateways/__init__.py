"""Ways of paying: who takes each by the settings, and the provider named in a row or an address."""

from dataclasses import dataclass

from django.conf import settings

from commerce.gateways.base import Gateway
from commerce.gateways.btcpay import BTCPayGateway
from commerce.gateways.paypal import PayPalGateway
from commerce.gateways.sandbox import SandboxGateway
from commerce.gateways.stripe import StripeGateway
from commerce.models import Payment

GATEWAYS: dict[str, type[Gateway]] = {
    gateway.name: gateway for gateway in (SandboxGateway, StripeGateway, PayPalGateway, BTCPayGateway)
}
SETTINGS = {
    Payment.Method.CARD: "PAYMENT_CARD",
    Payment.Method.PAYPAL: "PAYMENT_PAYPAL",
    Payment.Method.CRYPTO: "PAYMENT_CRYPTO",
}


@dataclass(frozen=True)
class Offer:
    """A way of paying, who takes it now, and what a form says of it."""

    method: str
    gateway: Gateway
    label: str
    description: str


def offered() -> list[Offer]:
    """What buyers may choose from, in the order of the methods."""
    return [offer(method) for method in SETTINGS if is_offered(method)]


def is_offered(method: str) -> bool:
    if method not in SETTINGS:
        return False
    provider = GATEWAYS.get(getattr(settings, SETTINGS[method]))
    return provider is not None and method in provider.wordings


def offer(method: str) -> Offer:
    """
    Raises:
        LookupError: nobody takes it.
    """
    if not is_offered(method):
        raise LookupError(f"{method!r} is not offered.")
    taker = gateway(getattr(settings, SETTINGS[method]))
    wording = taker.wordings[method]
    return Offer(method, taker, wording.label, wording.description)


def gateway(name: str) -> Gateway:
    """The provider of a payment that exists, also one that is no longer offered.

    Raises:
        LookupError: there never was such a provider.
    """
    return GATEWAYS[name]()
