"""Stripe by PaymentIntents: the card form is Stripe's own (Elements), so no card number passes through this site."""

from commerce.gateways.stripe.gateway import StripeGateway

__all__ = ["StripeGateway"]
